using System.Text.Json;
using KubePolicySemaphore.Bench.Load;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>The membership of a grid as it lies in the local API server.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="Version">Grows with every change that is no heartbeat.</param>
/// <param name="Active">Silos that are members.</param>
internal sealed record MembershipObject(int Bytes, int Version, int Active)
{
    public static async Task<MembershipObject> ReadAsync(BareClient client, string clusterId, CancellationToken cancellationToken)
    {
        var path = $"/apis/kube-policy-semaphore.io/v1alpha1/namespaces/{GridRights.Namespace}/orleansclusters/{clusterId}";
        var bytes = await client.SendAsync(HttpMethod.Get, path, null, BareClient.Json, cancellationToken);
        using var json = JsonDocument.Parse(bytes);
        var status = json.RootElement.GetProperty("status");
        return new MembershipObject(
            bytes.Length, status.GetProperty("version").GetInt32(),
            status.GetProperty("members").EnumerateObject().Count(member => member.Value.GetProperty("status").GetString() == "Active"));
    }
}
