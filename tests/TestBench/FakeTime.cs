namespace KubePolicySemaphore.TestBench;

/// <summary>libfaketime (https://github.com/wolfcw/libfaketime), which gives a process a wall clock of its own.</summary>
public static class FakeTime
{
    /// <summary>Why it was not found, and how to change that.</summary>
    public const string Missing = "no libfaketime: run scripts/faketime.sh, or set KPS_TEST_FAKETIME to the path of libfaketime.so.1";

    /// <summary>
    /// The library that <c>KPS_TEST_FAKETIME</c> names, or where that is unset the one that <c>scripts/faketime.sh</c> has put into
    /// the cache folder; <see langword="null"/> when there is none.
    /// </summary>
    public static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("KPS_TEST_FAKETIME");
        var library = string.IsNullOrEmpty(named) ? Path.Combine(BenchFolders.Cache, "faketime", "libfaketime.so.1") : named;
        return File.Exists(library) ? library : null;
    }
}
