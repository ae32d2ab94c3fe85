using System.Text;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>
/// Writes pods straight into etcd, for numbers the API server would take minutes over. The server reads them as if it had
/// written them: its decoder takes JSON where it would have stored protobuf, and its watches tell of them.
/// </summary>
public sealed class EtcdSeeder(EtcdServer etcd, string prefix)
{
    // Two in flight keep etcd busy while the next is encoded.
    private const int InFlight = 2;
    private const int Batch = 1_000;

    /// <summary>Puts pods, with their status; one that exists is replaced.</summary>
    public Task PutPodsAsync(IEnumerable<TestPod> pods, CancellationToken cancellationToken = default)
    {
        var created = TimeProvider.System.GetUtcNow();
        return InBatchesAsync(pods, pod => new JsonObject
        {
            ["requestPut"] = new JsonObject
            {
                ["key"] = Encode(KeyOf(pod.Namespace, pod.Name)),
                ["value"] = Encode(pod.ToStored(created).ToJsonString()),
            },
        }, cancellationToken);
    }

    /// <summary>Removes pods at once, without grace or finalizers.</summary>
    public Task DeletePodsAsync(IEnumerable<TestPod> pods, CancellationToken cancellationToken = default) =>
        InBatchesAsync(pods, pod => new JsonObject
        {
            ["requestDeleteRange"] = new JsonObject { ["key"] = Encode(KeyOf(pod.Namespace, pod.Name)) },
        }, cancellationToken);

    private Task InBatchesAsync(IEnumerable<TestPod> pods, Func<TestPod, JsonObject> operation, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(pods.Chunk(Batch), parallel, async (batch, token) =>
            await etcd.PostAsync("/v3/kv/txn", new JsonObject { ["success"] = new JsonArray([.. batch.Select(operation)]) }, token));
    }

    private string KeyOf(string @namespace, string name) => $"{prefix}/pods/{@namespace}/{name}";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
