using System.Globalization;
using System.Net;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>The flags and arguments of one command, checked.</summary>
internal sealed class FlagValues
{
    private readonly IReadOnlyDictionary<string, (string Text, string GivenAs)> _given;
    private readonly Dictionary<string, Flag> _flags;

    internal FlagValues(
        IReadOnlyList<Flag> flags, IReadOnlyDictionary<string, (string Text, string GivenAs)> given, IReadOnlyList<string> arguments)
    {
        _flags = flags.ToDictionary(flag => flag.Name);
        _given = given;
        Arguments = arguments;
    }

    /// <summary>What stood there without a dash.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>The value, the default, or null.</summary>
    public string? Find(string name) => _given.TryGetValue(name, out var value) ? value.Text : _flags[name].Default;

    /// <summary>The value of a flag that has a default.</summary>
    public string Text(string name) => Find(name) ?? throw new InvalidOperationException($"-{name} has no default");

    public bool IsOn(string name) => Find(name) == "true";

    public int Number(string name) => int.Parse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture);

    public IPEndPoint EndPoint(string name) => IPEndPoint.Parse(Text(name));

    /// <summary>The duration, or null when neither given nor by default.</summary>
    public TimeSpan? FindDuration(string name) => Find(name) is { } text && GoDuration.TryParse(text, out var duration) ? duration : null;

    /// <summary>Text and place of a flag that was given, null when it was not.</summary>
    public ScalarNode? FindNode(string name) =>
        _given.TryGetValue(name, out var value) ? new ScalarNode(new Origin(0, value.GivenAs), value.Text, IsQuoted: true) : null;
}
