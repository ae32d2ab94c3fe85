using System.Security.Cryptography;
using KubePolicySemaphore.Silo.CommandLine;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Hosting.Tls;

/// <summary>
/// The files of <c>-silo-tls-dir</c>, in cert-manager's shape: tls.crt, tls.key, ca.crt. They are read again when a
/// connection is made, at most every few seconds; the last good ones stay in force. Thread-safe.
/// </summary>
internal sealed partial class SiloCertificates
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private SiloCertificate _current;
    private string _content;
    private long _lookedAt;

    private SiloCertificates(string folder, TimeProvider time, string content)
    {
        (_folder, _time, _content) = (folder, time, content);
        _current = Parse(content);
        _lookedAt = time.GetTimestamp();
    }

    /// <summary>Hears of certificates that changed or cannot be used.</summary>
    public ILogger? Logger { get; set; }

    /// <exception cref="UsageException">The files cannot be used.</exception>
    public static SiloCertificates Load(string folder, TimeProvider time)
    {
        try
        {
            return new(folder, time, Read(folder));
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw new UsageException($"-{OperatorFlags.SiloTlsDir}: {folder}: {exception.Message}");
        }
    }

    /// <summary>The last good ones.</summary>
    public SiloCertificate Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_lookedAt) >= LookAgainAfter)
                    LookAgain();
                return _current;
            }
        }
    }

    private void LookAgain()
    {
        _lookedAt = _time.GetTimestamp();
        try
        {
            var content = Read(_folder);
            if (content == _content)
                return;
            _current = Parse(content);
            _content = content;
            if (Logger is not null)
                LogRenewed(Logger, _current.Own.NotAfter);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            if (Logger is not null)
                LogKept(Logger, _folder, exception.Message);
        }
    }

    private static string Read(string folder) => string.Join('\0', Text(folder, "tls.crt"), Text(folder, "tls.key"), Text(folder, "ca.crt"));

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static SiloCertificate Parse(string content)
    {
        var parts = content.Split('\0');
        return SiloCertificate.Parse(parts[0], parts[1], parts[2]);
    }

    private static bool IsUnusable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo's certificate was renewed; it is valid until {NotAfter:u}")]
    private static partial void LogRenewed(ILogger logger, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo's certificate in {Folder} cannot be used, the last good one stays in force: {Fault}")]
    private static partial void LogKept(ILogger logger, string folder, string fault);
}
