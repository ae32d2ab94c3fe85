using System.Diagnostics;

namespace KubePolicySemaphore.TestBench;

/// <summary>Where the bench keeps what it makes.</summary>
public static class BenchFolders
{
    // /dev/shm is worth it only with room for etcd's preallocated log and a scale test's data.
    private const long RoomForEtcd = 2L << 30;

    private static readonly Lazy<string> ThisRun = new(CreateRunFolder);

    // Held only so that the end of its input is the end of this process, not a garbage collection.
    private static Process? _remover;

    /// <summary>Survives runs: <c>$XDG_CACHE_HOME/kube-policy-semaphore</c>, or the same below <c>~/.cache</c>.</summary>
    public static string Cache { get; } = Path.Combine(CacheHome(), "kube-policy-semaphore");

    /// <summary>Makes a new empty folder that goes when this process ends. In memory where that is possible: etcd syncs a lot.</summary>
    public static string CreateTemporary(string name)
    {
        var folder = Path.Combine(ThisRun.Value, $"{name}-{Guid.NewGuid().ToString("N")[..8]}");
        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>The root of the repository: the folder with the solution file.</summary>
    /// <exception cref="InvalidOperationException">The tests do not run from within a clone.</exception>
    public static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "kube-policy-semaphore.slnx")))
                return folder.FullName;
        throw new InvalidOperationException($"no kube-policy-semaphore.slnx above {AppContext.BaseDirectory}");
    }

    private static string CacheHome()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return string.IsNullOrEmpty(xdg)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
            : xdg;
    }

    private static string CreateRunFolder()
    {
        var parent = Directory.Exists("/dev/shm") && new DriveInfo("/dev/shm").AvailableFreeSpace > RoomForEtcd
            ? "/dev/shm"
            : Path.GetTempPath();
        var folder = Path.Combine(parent, $"kps-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        RemoveAtEnd(folder);
        return folder;
    }

    // Test runners kill their host soon after the last test, so nothing in this process can be sure to clean up. The
    // shell's input ends when this process does, whichever way; then the folder goes, as soon as nobody writes to it.
    // It ignores the signals that a terminal or a time limit sends to the whole group.
    private static void RemoveAtEnd(string folder)
    {
        const string Script = "trap '' HUP INT TERM; exec >/dev/null 2>&1; cat; for try in 1 2 3 4 5; do rm -rf \"$1\" && exit; sleep 1; done";
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", folder]) { RedirectStandardInput = true };
        _remover = Process.Start(start);
    }
}
