using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>The StatefulSet of a rendered kustomization.</summary>
internal sealed class Workload(Manifest manifest)
{
    public JsonNode Spec { get; } = manifest.Single("StatefulSet")["spec"]!;

    public JsonNode Pod => Spec["template"]!["spec"]!;

    public JsonNode Container => Assert.Single(Pod["containers"]!.AsArray())!;

    public IReadOnlyList<string> Arguments => [.. Container["args"]!.AsArray().Select(one => one!.GetValue<string>())];

    /// <summary>The flags, read as the program reads them.</summary>
    public FlagValues Flags => FlagParser.Parse(OperatorFlags.All, Arguments, _ => null);

    /// <summary>The path that a volume of the pod is mounted at.</summary>
    public string MountOf(string volume) => Assert.Single(
        Container["volumeMounts"]!.AsArray(), mount => mount!["name"]!.GetValue<string>() == volume)!["mountPath"]!.GetValue<string>();

    /// <summary>The number of a named port of the container.</summary>
    public int PortOf(string name) => Assert.Single(
        Container["ports"]!.AsArray(), port => port!["name"]!.GetValue<string>() == name)!["containerPort"]!.GetValue<int>();
}
