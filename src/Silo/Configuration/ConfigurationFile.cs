using System.Text;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Reads the configuration file, whole and within bounds.</summary>
internal static class ConfigurationFile
{
    // Ten thousand long cluster entries; beyond it is no configuration.
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file's bytes, or one line that says why it could not be read.</summary>
    public static (byte[]? Bytes, string? Fault) ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            // Read to the bound and not by the length, which devices and pipes do not have.
            var buffer = new byte[MaxBytes + 1];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return read > MaxBytes ? (null, $"{Name(path)}: larger than {MaxBytes / 1024 / 1024} MiB") : (buffer[..read], null);
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
