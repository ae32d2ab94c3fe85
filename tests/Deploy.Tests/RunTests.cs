using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.Deploy.Tests.Running;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>The program with the arguments, the configuration and the rights of the rendered kustomizations, and no others.</summary>
public sealed class RunTests
{
    private static readonly string[] Servers = ["local", "blue", "green"];

    private static readonly TestPod[] BluePods = [TestPod.InSet("shop", "web-0", "web", "10.4.0.1"), TestPod.InSet("shop", "web-1", "web", "10.4.0.2")];

    private static readonly TestPod[] GreenPods =
    [
        TestPod.InSet("payments", "api-0", "api", "10.8.0.1", "fd00:10:8::1"),
        TestPod.InSet("payments", "api-1", "api", "10.8.0.2"),
        TestPod.InSet("orders", "api-0", "api", "10.8.0.3"),
        // Not among the namespaces that the entry names and the account may read.
        TestPod.InSet("shop", "api-0", "api", "10.8.0.4"),
    ];

    [ApplyTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.Example)]
    public async Task Silos_AsRendered_MirrorTheRemoteClusters(string folder)
    {
        var servers = await Task.WhenAll(Servers.Select(name => RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions(name))));
        var (local, blue, green) = (servers[0], servers[1], servers[2]);
        await RunPodsAsync(blue, BluePods);
        await RunPodsAsync(green, GreenPods);
        await using var silos = new RenderedSilos(local, await ApplyLocalAsync(local, folder));
        await MountAsync(silos, blue, green);

        await using (var check = await silos.RunAsync("check"))
            Assert.True(check.ExitCode == 0, $"{check.Output}\n{check.Error}");
        await silos.StartAsync();

        await WaitForNetsAsync(local, silos, "blue-shop-web", "10.4.0.1/32", "10.4.0.2/32");
        await WaitForNetsAsync(local, silos, "green-payments-api", "10.8.0.1/32", "10.8.0.2/32", "fd00:10:8::1/128");
        await WaitForNetsAsync(local, silos, "green-orders-api", "10.8.0.3/32");
        await WaitForMembersAsync(local, silos);
        await blue.Admin.DeletePodAsync(BluePods[1]);
        await green.Admin.DeletePodAsync(GreenPods[0]);
        await WaitForNetsAsync(local, silos, "blue-shop-web", "10.4.0.1/32");
        await WaitForNetsAsync(local, silos, "green-payments-api", "10.8.0.2/32");

        Assert.Equal(
            ["blue-shop-web", "green-orders-api", "green-payments-api"],
            (await local.Admin.ListAsync(CalicoApi.Crd.Path)).Select(Manifest.NameOf).Order(StringComparer.Ordinal));
        Assert.All(await silos.StopAsync(), exitCode => Assert.Equal(0, exitCode));
        Assert.DoesNotContain("HTTP 403", silos.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("forbidden", silos.Log, StringComparison.OrdinalIgnoreCase);
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private static async Task<Manifest> ApplyLocalAsync(RealApiServer local, string folder)
    {
        // As docs/installing.md: the namespace first, which an overlay's own name leaves to the user.
        var rendered = await Kustomize.RenderAsync(folder);
        await local.Admin.CreateNamespaceAsync(rendered.Single("StatefulSet")["metadata"]!["namespace"]!.GetValue<string>());
        await RenderedAccount.ApplyAsync(local, folder);
        await local.Admin.KubectlAsync(null, "wait", "--for=condition=Established", "crd/orleansclusters.kube-policy-semaphore.io", "--timeout=30s");
        return rendered;
    }

    /// <summary>The files of the pods' volumes: the example's configuration, at the addresses of these servers, and the secret it speaks of.</summary>
    private static async Task MountAsync(RenderedSilos silos, RealApiServer blue, RealApiServer green)
    {
        // By itself the base watches no cluster.
        var example = (await Kustomize.RenderAsync(Repository.Example)).Single("ConfigMap")["data"]!["config.yaml"]!.GetValue<string>();
        silos.Mount("config", "config.yaml", silos.Relocate(example).Replace("https://blue.example:6443", blue.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        silos.Mount("remotes", "blue.ca.crt", blue.CaPem);
        silos.Mount("remotes", "blue.token", await RenderedAccount.TokenOfSecretAsync(blue, await RenderedAccount.ApplyAsync(blue, "deploy/remote")));
        var account = await RenderedAccount.ApplyAsync(green, "deploy/remote-namespaced");
        foreach (var watched in new[] { "payments", "orders" })
            await RenderedAccount.ApplyAsync(green, "deploy/remote-namespaced/watched-namespace", $"--namespace={watched}");
        silos.Mount("remotes", "green.kubeconfig", green.Kubeconfig(await RenderedAccount.TokenOfSecretAsync(green, account)));
    }

    private static async Task RunPodsAsync(RealApiServer server, IEnumerable<TestPod> pods)
    {
        foreach (var pod in pods)
        {
            await server.Admin.CreateNamespaceAsync(pod.Namespace);
            await server.Admin.CreatePodAsync(pod);
        }
    }

    private static Task WaitForNetsAsync(RealApiServer local, RenderedSilos silos, string name, params string[] nets)
    {
        JsonObject? last = null;
        return Deadline.UntilAsync($"{name} has {string.Join(", ", nets)}", async () =>
        {
            last = await local.Admin.TryGetAsync($"{CalicoApi.Crd.Path}/{name}");
            return last?["spec"]?["nets"]?.AsArray().Select(net => net!.GetValue<string>()).SequenceEqual(nets) == true;
        }, details: () => $"{last?.ToJsonString()}\n{silos.Log}");
    }

    private static Task WaitForMembersAsync(RealApiServer local, RenderedSilos silos)
    {
        var last = "";
        return Deadline.UntilAsync($"{silos.Names.Count} silos are active", async () =>
        {
            last = await local.Admin.KubectlAsync(null, "get", "orleansclusters", "-n", silos.Namespace);
            // NAME, VERSION, SILOS, ACTIVE, ALIVE, AGE
            return last.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [_, var row]
                && row.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "3", var alive, _]
                && alive.Split(',').Order(StringComparer.Ordinal).SequenceEqual(silos.Names);
        }, details: () => $"{last}\n{silos.Log}");
    }
}
