using System.Text;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Reads the configuration file, whole and within bounds.</summary>
internal static class ConfigurationFile
{
    // Ten thousand long cluster entries; beyond it is no configuration.
    private const int MaxBytes = 4 * 1024 * 1024;

    private const int PartBytes = 8 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's bytes, or one line that says why it could not be read.</summary>
    public static (byte[]? Bytes, string? Fault) ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            // Not by the length, which devices and pipes do not have. It is read every two seconds: a buffer for the largest
            // file would have every second reading followed by a collection of all generations.
            using var content = new MemoryStream();
            Span<byte> part = stackalloc byte[PartBytes];
            for (var read = file.Read(part); read > 0; read = file.Read(part))
            {
                if (content.Length + read > MaxBytes)
                    return (null, $"{Name(path)}: larger than {MaxBytes / 1024 / 1024} MiB");
                content.Write(part[..read]);
            }

            return (content.ToArray(), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, $"{Name(path)}: cannot be read: {SafeText.Escape(exception.Message)}");
        }
    }

    /// <summary>Makes a configuration of the file's bytes and the flags.</summary>
    public static ConfigurationResult Parse(byte[] bytes, ConfigurationFlags flags)
    {
        var name = Name(flags.Path!);
        try
        {
            return ConfigurationReader.Read(name, StrictUtf8.GetString(bytes), flags);
        }
        catch (DecoderFallbackException)
        {
            return ConfigurationResult.Failed($"{name}: is not UTF-8 text");
        }
    }

    /// <summary>Reads what the flags name: the file, or, without one, the flags alone.</summary>
    public static ConfigurationResult Load(ConfigurationFlags flags)
    {
        if (flags.Path is null)
            return ConfigurationReader.Read("", null, flags);
        var (bytes, fault) = ReadBytes(flags.Path);
        return bytes is null ? ConfigurationResult.Failed(fault!) : Parse(bytes, flags);
    }

    private static string Name(string path) => SafeText.Escape(Path.GetFileName(path));
}
