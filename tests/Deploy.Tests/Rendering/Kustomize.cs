using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>The kustomize of a kubectl that knows components: the one <c>KPS_KUBECTL</c> names, else the one on the PATH.</summary>
internal static class Kustomize
{
    // 1.21 is the first with a kustomize later than 2.0.3.
    private static readonly Version FirstUsable = new(1, 21);

    private static readonly Lazy<string?> Usable = new(() => Task.Run(FindAsync).GetAwaiter().GetResult());

    /// <summary>Null where kustomizations can be rendered, else why not.</summary>
    public static string? SkipReason => Usable.Value is null
        ? $"no kubectl {FirstUsable} or later on the PATH: install one, or set KPS_KUBECTL to it"
        : null;

    /// <summary>Renders a kustomization: the objects it stands for.</summary>
    /// <param name="folder">Relative to the repository.</param>
    /// <exception cref="InvalidOperationException">It does not render; the message holds why.</exception>
    public static async Task<Manifest> RenderAsync(string folder)
    {
        await using var kubectl = await RunAsync(Usable.Value ?? throw new InvalidOperationException(SkipReason), "kustomize", Repository.PathOf(folder));
        var warnings = string.Join('\n', kubectl.Error.Snapshot());
        return kubectl.ExitCode == 0 && warnings.Length == 0
            ? new Manifest(kubectl.Output.ToString()!)
            : throw new InvalidOperationException($"kubectl kustomize {folder} ended with {kubectl.ExitCode}:\n{warnings}");
    }

    private static async Task<string?> FindAsync()
    {
        var name = Environment.GetEnvironmentVariable("KPS_KUBECTL") is { Length: > 0 } given ? given : "kubectl";
        var path = Path.IsPathRooted(name)
            ? name
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        await using var kubectl = await RunAsync(path, "version", "--client", "--output=json");
        if (kubectl.ExitCode != 0)
            return null;
        var client = JsonNode.Parse(kubectl.Output.ToString()!)!["clientVersion"]!;
        // A plus marks a vendor's build: "21+".
        var version = Version.Parse($"{client["major"]}.{client["minor"]!.GetValue<string>().TrimEnd('+')}");
        return version >= FirstUsable ? path : null;
    }

    private static Task<ChildProcess> RunAsync(string kubectl, params string[] arguments) =>
        ChildProcess.RunAsync(new ChildProcessOptions(kubectl) { Arguments = arguments }, Deadline.Default);
}
