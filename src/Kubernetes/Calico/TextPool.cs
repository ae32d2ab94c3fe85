using System.Collections.Concurrent;
using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>
/// One string for all equal texts: a hundred thousand objects have few clusters and namespaces between them. Thread-safe.
/// </summary>
internal sealed class TextPool
{
    // A label value is no longer; annotations of ours are shorter.
    private const int MaxLength = 63;
    private const int MaxTexts = 8_192;

    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TextPool() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A property's value; null when it is no text.</summary>
    public string? Read(ref Utf8JsonReader reader)
    {
        if (!JsonWalk.TryReadText(ref reader))
            return null;
        Span<char> text = stackalloc char[MaxLength];
        if (reader.ValueIsEscaped || reader.ValueSpan.Length > MaxLength || !System.Text.Encoding.UTF8.TryGetChars(reader.ValueSpan, text, out var length))
            return JsonWalk.GetText(ref reader);
        text = text[..length];
        if (_lookup.TryGetValue(text, out var known))
            return known;
        var made = new string(text);
        // Full of texts that few objects share: what is in it stays, others are strings of their own.
        return _texts.Count < MaxTexts ? _texts.GetOrAdd(made, made) : made;
    }
}
