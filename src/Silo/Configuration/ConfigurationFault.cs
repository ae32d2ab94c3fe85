using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Something wrong, or doubtful, in the configuration.</summary>
/// <param name="Origin">The value's place.</param>
/// <param name="Path">Entry and field, as <c>clusters[1] "green": allowedCidrs[0]</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record ConfigurationFault(Origin Origin, string Path, string Message)
{
    /// <summary>One line for people: <c>config.yaml:14: clusters[1] "green": allowedCidrs[0]: "x" is not a CIDR</c>.</summary>
    public string Format(string fileName) => (Origin, Path) switch
    {
        ({ Flag: { } flag }, _) => $"{flag}: {Message}",
        ({ Line: 0 }, "") => $"{fileName}: {Message}",
        (_, "") => $"{fileName}:{Origin.Line}: {Message}",
        _ => $"{fileName}:{Origin.Line}: {Path}: {Message}",
    };
}
