using System.Net;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Tests;

public sealed class RealApiServersTests
{
    [RealApiServerFact]
    public async Task Servers_OnOneEtcd_KeepTheirObjectsApart()
    {
        var servers = await RealApiServers.Shared.GetAsync("local", "remote-a", "remote-b");
        await servers[1].Admin.CreateNamespaceAsync("apart");

        Assert.NotNull(await servers[1].Admin.TryGetAsync("/api/v1/namespaces/apart"));
        Assert.Null(await servers[0].Admin.TryGetAsync("/api/v1/namespaces/apart"));
        Assert.Null(await servers[2].Admin.TryGetAsync("/api/v1/namespaces/apart"));
    }

    [RealApiServerFact]
    public async Task User_WithAndWithoutAGrant_IsAllowedAndRefused()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var user = TestUser.Pool[0];
        using var client = server.As(user);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(() => client.GetAsync("/api/v1/pods")));
        await server.Admin.GrantAsync(user.Name, new RbacRule("", "pods", "list", "watch"));
        // The authorizer follows RBAC objects by a watch.
        await Deadline.UntilAsync("the grant works", async () => await StatusOfAsync(() => client.GetAsync("/api/v1/pods")) is null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(() => client.GetAsync("/api/v1/secrets")));
    }

    [RealApiServerFact]
    public async Task Grant_InOneNamespace_StopsAtItsBorder()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-b");
        var user = TestUser.Pool[1];
        using var client = server.As(user);
        await server.Admin.CreateNamespaceAsync("granted");
        await server.Admin.GrantInNamespaceAsync(user.Name, "granted", new RbacRule("", "pods", "list"));

        await Deadline.UntilAsync("the grant works", async () =>
            await StatusOfAsync(() => client.GetAsync("/api/v1/namespaces/granted/pods")) is null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(() => client.GetAsync("/api/v1/namespaces/default/pods")));
    }

    [RealApiServerFact]
    public async Task Kubeconfig_WithAUsersToken_WorksForKubectl()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-b");
        using var client = server.As(TestUser.Pool[2]);

        // "can-i" ends with 1 when the answer is no.
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => client.KubectlAsync(null, "auth", "can-i", "list", "pods"));
        Assert.Contains("no", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("yes", await server.Admin.KubectlAsync(null, "auth", "can-i", "list", "pods"));
    }

    [RealApiServerFact]
    public async Task Token_NotKnown_IsUnauthorized()
    {
        var server = await RealApiServers.Shared.GetAsync("local");
        using var client = new ApiServerClient(server, "not-a-token");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(() => client.GetAsync("/api/v1/pods")));
    }

    [RealApiServerFact]
    public async Task ServiceAccountToken_IsKnownByTheAccountsName()
    {
        var server = await RealApiServers.Shared.GetAsync("local");
        using var client = new ApiServerClient(server, await server.Admin.CreateServiceAccountTokenAsync("accounts", "reader"));

        var refusal = await Assert.ThrowsAsync<ApiServerStatusException>(() => client.GetAsync("/api/v1/pods"));

        Assert.Contains("system:serviceaccount:accounts:reader", refusal.Message, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task CalicoApis_BothAsked_ServeAndGoAway()
    {
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("calico"));
        Assert.Null(await server.Admin.TryGetAsync(CalicoApi.V3.Path));
        await server.ServeAsync(CalicoApi.V3);

        foreach (var api in new[] { CalicoApi.Crd, CalicoApi.V3 })
        {
            var seen = server.Admin.WaitForAsync(api.Path, sets => sets.ContainsKey("a-b-c"));
            await server.Admin.PostAsync(api.Path, NetworkSet(api, "a-b-c", "10.0.0.1/32"));
            Assert.Equal("10.0.0.1/32", (await seen)["a-b-c"]["spec"]!["nets"]![0]!.GetValue<string>());
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await StatusOfAsync(() =>
            server.Admin.PostAsync(CalicoApi.V3.Path, NetworkSet(CalicoApi.V3, "twice", "10.0.0.1/32", "10.0.0.1/32"))));

        await server.RemoveAsync(CalicoApi.Crd);
        Assert.Single(await server.Admin.ListAsync(CalicoApi.V3.Path));
    }

    [RealApiServerFact]
    public async Task Server_KilledAndStartedAgain_HasItsAddressAndData()
    {
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("restart"));
        await server.Admin.CreateNamespaceAsync("kept");
        await server.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Admin.GetAsync("/api/v1/namespaces/kept"));
        await server.StartAsync();

        Assert.NotNull(await server.Admin.TryGetAsync("/api/v1/namespaces/kept"));
    }

    [RealApiServerFact]
    public async Task Apply_TwoDocuments_CreatesBoth()
    {
        var server = await RealApiServers.Shared.GetAsync("local");

        var output = await server.Admin.ApplyAsync("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: applied}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: applied}
            data: {key: value}
            """);

        Assert.Contains("namespace/applied created", output, StringComparison.Ordinal);
        Assert.Equal("value", (await server.Admin.GetAsync("/api/v1/namespaces/applied/configmaps/settings"))["data"]!["key"]!.GetValue<string>());
    }

    private static JsonObject NetworkSet(CalicoApi api, string name, params string[] nets) => new()
    {
        ["apiVersion"] = api.GroupVersion,
        ["kind"] = "GlobalNetworkSet",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["nets"] = new JsonArray([.. nets.Select(net => JsonValue.Create(net))]) },
    };

    private static async Task<HttpStatusCode?> StatusOfAsync(Func<Task> request) =>
        (await Record.ExceptionAsync(request)) switch
        {
            null => null,
            ApiServerStatusException refusal => refusal.Status,
            var other => throw other,
        };
}
