using System.Globalization;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>
/// The pods of a cluster full of services, spread evenly over sets: names as deployments give them, the labels and
/// annotations that usual tooling adds, one IPv4 address each. The same for every run.
/// </summary>
internal sealed class PodFleet
{
    public const string Cluster = "blue";

    private const int SetsPerNamespace = 25;

    private static readonly string[] Areas = ["payments", "orders", "catalog", "identity", "shipping", "billing", "search", "support"];
    private static readonly string[] Stages = ["core", "edge", "batch", "internal", "partners"];
    private static readonly string[] Services = ["api", "worker", "gateway", "scheduler", "projector", "notifier", "importer"];

    // Those of the names that Kubernetes generates: no vowels, nothing that looks like something else.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private uint _nextFresh = Address(10, 128, 0, 0);

    public PodFleet(int pods, int sets)
    {
        var random = new Random(pods);
        Sets = [.. Enumerable.Range(0, sets).Select(i => SetOf(i, pods / sets, random))];
        Pods = [.. Sets.SelectMany(set => set.Pods)];
    }

    public IReadOnlyList<FleetSet> Sets { get; }

    public IReadOnlyList<TestPod> Pods { get; }

    public IEnumerable<string> Namespaces => Sets.Select(set => set.Key.Namespace).Distinct();

    /// <summary>An address that no pod has had.</summary>
    public string TakeAddress() => Text(Interlocked.Increment(ref _nextFresh));

    private static FleetSet SetOf(int index, int pods, Random random)
    {
        var area = Areas[index / SetsPerNamespace % Areas.Length];
        var stage = Stages[index / SetsPerNamespace / Areas.Length % Stages.Length];
        var round = index / SetsPerNamespace / Areas.Length / Stages.Length;
        var ns = round == 0 ? $"{area}-{stage}" : Invariant($"{area}-{stage}-{round}");
        var service = Invariant($"{area}-{Services[index % Services.Length]}-{index % SetsPerNamespace}");
        var template = Token(random, 10);
        var key = new NetworkSetKey(Cluster, ns, service);
        return new FleetSet(key, [.. Enumerable.Range(0, pods).Select(i => Pod(ns, service, template, (index * pods) + i, random))]);
    }

    private static TestPod Pod(string ns, string service, string template, int index, Random random) =>
        new(ns, $"{service}-{template}-{Token(random, 5)}{Invariant($"{index % 10}")}")
        {
            Addresses = [Text(Address(10, 0, 0, 1) + (uint)index)],
            Node = Invariant($"ip-10-0-{index % 40}-{index % 200}.eu-west-1.compute.internal"),
            Labels = new Dictionary<string, string>
            {
                ["uw.systems/networksets"] = "true",
                ["app"] = service,
                ["app.kubernetes.io/name"] = service,
                ["app.kubernetes.io/part-of"] = ns,
                ["pod-template-hash"] = template,
                ["security.istio.io/tlsMode"] = "istio",
                ["topology.kubernetes.io/zone"] = Invariant($"eu-west-1{"abc"[index % 3]}"),
            },
            Annotations = new Dictionary<string, string>
            {
                ["uw.systems/networkset-name"] = service,
                ["prometheus.io/scrape"] = "true",
                ["prometheus.io/port"] = "8081",
                ["prometheus.io/path"] = "/__/metrics",
                ["kubectl.kubernetes.io/restartedAt"] = "2026-01-02T03:04:05Z",
                ["checksum/config"] = Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())),
            },
        };

    private static string Token(Random random, int length) => new([.. random.GetItems<char>(Alphabet, length)]);

    private static uint Address(uint a, uint b, uint c, uint d) => (a << 24) | (b << 16) | (c << 8) | d;

    private static string Text(uint address) => Invariant($"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
