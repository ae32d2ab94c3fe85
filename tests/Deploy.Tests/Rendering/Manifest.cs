using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>The objects of a YAML text.</summary>
internal sealed class Manifest
{
    public Manifest(string yaml) => Objects = [.. Parse(yaml)];

    private Manifest(IReadOnlyList<JsonObject> objects) => Objects = objects;

    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>The only object of a kind.</summary>
    public JsonObject Single(string kind) => Assert.Single(Objects, one => KindOf(one) == kind);

    public JsonObject Single(string kind, string name) => Assert.Single(Objects, one => KindOf(one) == kind && NameOf(one) == name);

    public IEnumerable<JsonObject> All(string kind) => Objects.Where(one => KindOf(one) == kind);

    /// <summary>Without the objects of some API groups and kinds.</summary>
    public Manifest Without(Predicate<JsonObject> unknown) => new([.. Objects.Where(one => !unknown(one))]);

    /// <summary>As a list that kubectl applies.</summary>
    public override string ToString() => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. Objects.Select(one => one.DeepClone())]),
    }.ToJsonString();

    public static string KindOf(JsonObject one) => one["kind"]!.GetValue<string>();

    public static string NameOf(JsonObject one) => one["metadata"]!["name"]!.GetValue<string>();

    private static IEnumerable<JsonObject> Parse(string yaml)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var json = new SerializerBuilder().JsonCompatible().Build();
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
            yield return JsonNode.Parse(json.Serialize(deserializer.Deserialize(parser)))!.AsObject();
    }
}
