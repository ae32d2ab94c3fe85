using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>
/// A folder as the kubelet mounts a ConfigMap or a Secret: the file is a link into <c>..data</c>, itself a link that is
/// replaced in one step.
/// </summary>
internal sealed class MountedVolume(string folder, string file)
{
    private const string Data = "..data";

    private int _version;

    /// <summary>What the program is told to read.</summary>
    public string FilePath => PathOf(file);

    /// <summary>Replaces the content, as the kubelet does.</summary>
    public async Task WriteAsync(string text)
    {
        var version = $"..version-{++_version}";
        Directory.CreateDirectory(PathOf(version));
        await File.WriteAllTextAsync(Path.Combine(folder, version, file), text);
        File.CreateSymbolicLink(PathOf($"{Data}-new"), version);
        // rename(2) on the link itself: .NET's own moves look at the folder that it points to.
        await using var move = await ChildProcess.RunAsync(
            new ChildProcessOptions("mv") { Arguments = ["-T", PathOf($"{Data}-new"), PathOf(Data)] }, Deadline.Default);
        if (move.ExitCode != 0)
            throw new InvalidOperationException($"mv ended with {move.ExitCode}: {move.Tail()}");
        if (!File.Exists(FilePath))
            File.CreateSymbolicLink(FilePath, Path.Combine(Data, file));
        if (_version > 1)
            Directory.Delete(PathOf($"..version-{_version - 1}"), recursive: true);
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
