using System.Reflection;

namespace KubePolicySemaphore.Silo;

/// <summary>What this program was built from.</summary>
internal static class BuildInfo
{
    // The SDK writes "version+commit" where it builds in a git clone.
    private static readonly string[] Parts =
        (typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);

    public static string Version => Parts[0];

    public static string Commit => Parts.Length > 1 ? Parts[1] : "unknown";
}
