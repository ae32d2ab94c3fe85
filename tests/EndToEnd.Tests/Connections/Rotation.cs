using System.Net;
using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Connections;

/// <summary>Tokens with the shipped role of a remote cluster that can be revoked one by one.</summary>
internal sealed class Rotation(RealApiServer server)
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..6];
    private readonly Dictionary<string, string> _accounts = [];

    public string CurrentToken { get; private set; } = "";

    /// <summary>A new account bound to the shipped role, and its token.</summary>
    public async Task<string> NextTokenAsync()
    {
        var account = $"rotation-{_id}-{_accounts.Count}";
        CurrentToken = await server.Admin.CreateServiceAccountTokenAsync(ShippedRoles.Namespace, account);
        _accounts[CurrentToken] = account;
        await server.Admin.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = account },
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = "ClusterRole",
                ["name"] = ShippedRoles.RemoteRole,
            },
            ["subjects"] = new JsonArray(new JsonObject
            {
                ["kind"] = "ServiceAccount",
                ["name"] = account,
                ["namespace"] = ShippedRoles.Namespace,
            }),
        });
        return CurrentToken;
    }

    /// <summary>Makes a token void, and waits until the server, which remembers good ones for a while, refuses it.</summary>
    public async Task RevokeAsync(string token)
    {
        await server.Admin.DeleteAsync($"/api/v1/namespaces/{ShippedRoles.Namespace}/serviceaccounts/{_accounts[token]}");
        using var client = new ApiServerClient(server, token);
        await Deadline.UntilAsync("the old token is refused", async () =>
        {
            try
            {
                await client.GetAsync("/api/v1/pods?limit=1");
                return false;
            }
            catch (ApiServerStatusException exception) when (exception.Status == HttpStatusCode.Unauthorized)
            {
                return true;
            }
        });
    }
}
