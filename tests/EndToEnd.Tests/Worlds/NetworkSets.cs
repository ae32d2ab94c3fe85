using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>The GlobalNetworkSets of the local cluster, seen and edited as an administrator would.</summary>
public sealed class NetworkSets(RealApiServer server, CalicoApi api)
{
    public CalicoApi Api => api;

    /// <summary>What the product must manage on a busy machine; propagation itself takes milliseconds.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    public static string[] NetsOf(JsonObject networkSet) =>
        [.. (networkSet["spec"]?["nets"]?.AsArray() ?? []).Select(net => net!.GetValue<string>())];

    public static string VersionOf(JsonObject networkSet) => networkSet["metadata"]!["resourceVersion"]!.GetValue<string>();

    public static string UidOf(JsonObject networkSet) => networkSet["metadata"]!["uid"]!.GetValue<string>();

    public static Dictionary<string, string> LabelsOf(JsonObject networkSet) => MapOf(networkSet, "labels");

    public static Dictionary<string, string> AnnotationsOf(JsonObject networkSet) => MapOf(networkSet, "annotations");

    public Task<JsonObject?> TryGetAsync(string name) => server.Admin.TryGetAsync(PathOf(name));

    public async Task<JsonObject> GetAsync(string name) => await server.Admin.GetAsync(PathOf(name));

    /// <summary>All whose names begin so.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string prefix) =>
        [.. (await server.Admin.ListAsync(api.Path)).Where(item => NameOf(item).StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Creates an object as somebody else would.</summary>
    public Task<JsonObject> CreateAsync(
        string name, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations, params string[] nets) =>
        server.Admin.PostAsync(api.Path, new JsonObject
        {
            ["apiVersion"] = api.GroupVersion,
            ["kind"] = "GlobalNetworkSet",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = ToJson(labels), ["annotations"] = ToJson(annotations) },
            ["spec"] = new JsonObject { ["nets"] = ToJson(nets) },
        });

    /// <summary>Sets labels, annotations or other fields of an object by a merge patch.</summary>
    public Task<JsonObject> PatchAsync(string name, JsonObject patch) => server.Admin.PatchAsync(PathOf(name), patch);

    public Task<JsonObject> SetNetsAsync(string name, params string[] nets) =>
        PatchAsync(name, new JsonObject { ["spec"] = new JsonObject { ["nets"] = ToJson(nets) } });

    public Task DeleteAsync(string name) => server.Admin.DeleteAsync(PathOf(name));

    /// <summary>Waits until the object has exactly these nets, in this order.</summary>
    /// <exception cref="TimeoutException">Tells what it has.</exception>
    public Task<JsonObject> WaitForNetsAsync(string name, IReadOnlyCollection<string> nets, TimeSpan? limit = null) =>
        WaitForAsync(name, $"nets [{string.Join(", ", nets)}]", item => NetsOf(item).SequenceEqual(nets), limit);

    /// <summary>Waits until the object is as asked for.</summary>
    /// <exception cref="TimeoutException">Tells how it is.</exception>
    public async Task<JsonObject> WaitForAsync(string name, string expected, Predicate<JsonObject> condition, TimeSpan? limit = null)
    {
        JsonObject? last = null;
        return await Deadline.ForAsync($"{name} has {expected}", async () =>
        {
            last = await AskAsync(name);
            return last is not null && condition(last) ? last : null;
        }, limit ?? Limit, () => $"It is {Describe(last)}");
    }

    /// <summary>Waits until there is no such object.</summary>
    public Task WaitForNoneAsync(string name, TimeSpan? limit = null)
    {
        JsonObject? last = null;
        return Deadline.UntilAsync($"there is no {name}", async () =>
        {
            try
            {
                last = await TryGetAsync(name);
                return last is null;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, limit ?? Limit, () => $"It is {Describe(last)}");
    }

    /// <summary>Notes every event of objects whose names begin so, from now on.</summary>
    public Task<NetworkSetRecorder> RecordAsync(string prefix) => NetworkSetRecorder.StartAsync(server, api, prefix);

    internal static string NameOf(JsonObject item) => item["metadata"]!["name"]!.GetValue<string>();

    private string PathOf(string name) => $"{api.Path}/{name}";

    // A server that is away is what some tests are about.
    private async Task<JsonObject?> AskAsync(string name)
    {
        try
        {
            return await TryGetAsync(name);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static string Describe(JsonObject? item) => item is null
        ? "absent"
        : $"{item["metadata"]!["labels"]?.ToJsonString()} {item["metadata"]!["annotations"]?.ToJsonString()} {item["spec"]?.ToJsonString()}";

    private static Dictionary<string, string> MapOf(JsonObject item, string field) =>
        (item["metadata"]![field]?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>());

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> map) =>
        new(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static JsonArray ToJson(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);
}
