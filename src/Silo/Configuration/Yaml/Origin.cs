namespace KubePolicySemaphore.Silo.Configuration.Yaml;

/// <summary>Where a value was given: a line of the file, or a flag.</summary>
/// <param name="Line">From 1; 0 when a flag gave it.</param>
/// <param name="Flag">The flag as the user wrote it, null when it came from the file.</param>
internal readonly record struct Origin(int Line, string? Flag = null);
