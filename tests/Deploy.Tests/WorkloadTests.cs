using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>What the StatefulSet says, against what the program does.</summary>
public sealed class WorkloadTests
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    [KustomizeTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.EveryComponent)]
    public async Task Flags_OfTheStatefulSet_AreTheProgramsAndFormAGrid(string folder)
    {
        var flags = new Workload(await Kustomize.RenderAsync(folder)).Flags;

        Assert.Empty(flags.Arguments);
        Assert.Equal("kubernetes", flags.Text(OperatorFlags.Clustering));
        Assert.StartsWith("127.0.0.1:", flags.Text(OperatorFlags.AdminAddress), StringComparison.Ordinal);
        Assert.Equal(0, flags.Number(OperatorFlags.GatewayPort));
    }

    [KustomizeFact]
    public async Task Ports_OfTheStatefulSet_AreThoseTheProgramListensOn()
    {
        var local = await Kustomize.RenderAsync(Repository.Local);
        var workload = new Workload(local);

        Assert.Equal(workload.Flags.EndPoint(OperatorFlags.HttpAddress).Port, workload.PortOf("http"));
        Assert.Equal(workload.Flags.Number(OperatorFlags.SiloPort), workload.PortOf("silo"));
        Assert.All(Probes, probe => Assert.Equal("http", workload.Container[probe]!["httpGet"]!["port"]!.GetValue<string>()));
        Assert.Equal(
            ["/healthz", "/healthz", "/readyz"],
            Probes.Select(probe => workload.Container[probe]!["httpGet"]!["path"]!.GetValue<string>()));
        Assert.Equal(
            $"{workload.PortOf("http")}", workload.Spec["template"]!["metadata"]!["annotations"]!["prometheus.io/port"]!.GetValue<string>());
        Assert.Equal(
            [("http", workload.PortOf("http")), ("silo", workload.PortOf("silo"))],
            local.Single("Service")["spec"]!["ports"]!.AsArray()
                .Select(port => (port!["targetPort"]!.GetValue<string>(), port["port"]!.GetValue<int>())).Order());
    }

    [KustomizeTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.EveryComponent)]
    [InlineData(Repository.Example)]
    public async Task Pod_UnderTheRestrictedStandard_IsAdmitted(string folder)
    {
        var manifest = await Kustomize.RenderAsync(folder);
        var workload = new Workload(manifest);
        var pod = workload.Pod["securityContext"]!;
        var container = workload.Container["securityContext"]!;

        foreach (var mode in (string[])["enforce", "audit", "warn"])
            Assert.Equal("restricted", manifest.Single("Namespace")["metadata"]!["labels"]![$"pod-security.kubernetes.io/{mode}"]!.GetValue<string>());
        // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
        Assert.True(pod["runAsNonRoot"]!.GetValue<bool>());
        Assert.True(pod["runAsUser"]!.GetValue<int>() > 0);
        Assert.Equal("RuntimeDefault", pod["seccompProfile"]!["type"]!.GetValue<string>());
        Assert.False(container["allowPrivilegeEscalation"]!.GetValue<bool>());
        Assert.Equal(["ALL"], container["capabilities"]!["drop"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Null(container["capabilities"]!["add"]);
        Assert.True(container["readOnlyRootFilesystem"]!.GetValue<bool>());
        Assert.All(
            workload.Pod["volumes"]!.AsArray(),
            volume => Assert.Contains(volume!.AsObject().First(pair => pair.Key != "name").Key, (string[])["configMap", "secret"]));
        Assert.All((string[])["hostNetwork", "hostPID", "hostIPC"], field => Assert.Null(workload.Pod[field]));
    }

    [KustomizeFact]
    public async Task Volumes_ThatChangeWhileTheProgramRuns_AreMountedAsFolders()
    {
        var workload = new Workload(await Kustomize.RenderAsync(Repository.EveryComponent));

        Assert.All(workload.Container["volumeMounts"]!.AsArray(), mount => Assert.Null(mount!["subPath"]));
        Assert.Equal($"{workload.MountOf("config")}/config.yaml", workload.Flags.Text(OperatorFlags.Config));
        Assert.Equal(workload.MountOf("silo-tls"), workload.Flags.Text(OperatorFlags.SiloTlsDir));
    }

    [KustomizeFact]
    public async Task GracePeriod_OfThePod_LeavesTimeToDrain()
    {
        var workload = new Workload(await Kustomize.RenderAsync(Repository.Local));
        var grace = TimeSpan.FromSeconds(workload.Pod["terminationGracePeriodSeconds"]!.GetValue<int>());

        Assert.True(grace > Silo.Hosting.SiloHost.ShutdownTimeout + TimeSpan.FromSeconds(5), $"{grace} is too short");
    }

    [KustomizeFact]
    public async Task Selectors_OfEverythingAroundThePods_SelectThem()
    {
        var local = await Kustomize.RenderAsync(Repository.EveryComponent);
        var workload = new Workload(local);
        var labels = workload.Spec["template"]!["metadata"]!["labels"]!.ToJsonString();
        JsonNode?[] selectors =
        [
            workload.Spec["selector"]!["matchLabels"],
            local.Single("Service")["spec"]!["selector"],
            local.Single("PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"],
            local.Single("NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"],
            local.Single("PodMonitor")["spec"]!["selector"]!["matchLabels"],
            workload.Pod["topologySpreadConstraints"]![0]!["labelSelector"]!["matchLabels"],
        ];

        Assert.All(selectors, selector => Assert.Equal(labels, selector!.ToJsonString()));
        Assert.Equal(Manifest.NameOf(local.Single("Service")), workload.Spec["serviceName"]!.GetValue<string>());
    }

    [KustomizeFact]
    public async Task NetworkPolicy_OfTheSilos_AdmitsOnlyOurPodsToTheSiloPort()
    {
        var local = await Kustomize.RenderAsync(Repository.Local);
        var workload = new Workload(local);
        var policy = local.Single("NetworkPolicy")["spec"]!;

        var open = policy["ingress"]!.AsArray().Where(rule => rule!["from"] is null).SelectMany(rule => rule!["ports"]!.AsArray());
        Assert.Equal([workload.PortOf("http")], open.Select(port => port!["port"]!.GetValue<int>()));
        var closed = Assert.Single(policy["ingress"]!.AsArray(), rule => rule!["from"] is not null)!;
        Assert.Equal([workload.PortOf("silo")], closed["ports"]!.AsArray().Select(port => port!["port"]!.GetValue<int>()));
        Assert.Equal(
            policy["podSelector"]!.ToJsonString(), Assert.Single(closed["from"]!.AsArray())!["podSelector"]!.ToJsonString());
    }
}
