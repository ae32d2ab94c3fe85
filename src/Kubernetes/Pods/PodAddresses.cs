using System.Text;
using System.Text.Json;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// The addresses of one pod while it is decoded: <c>podIPs</c> and <c>podIP</c>, each once. A key that comes twice
/// counts as it came last.
/// </summary>
internal sealed class PodAddresses
{
    /// <summary>A pod has one address a family; more than this is nothing a kubelet reports.</summary>
    public const int MaxAddresses = 16;

    private readonly PodAddress[] _listed = new PodAddress[MaxAddresses];
    private readonly List<string> _refused = [];
    private int _count;
    private PodAddress? _single;
    private string? _singleRefused;

    public void Clear()
    {
        ClearListed();
        _single = null;
        _singleRefused = null;
    }

    /// <summary>Forgets what <c>podIPs</c> said.</summary>
    public void ClearListed()
    {
        _count = 0;
        _refused.Clear();
    }

    /// <summary>Takes an <c>ip</c> of <c>podIPs</c>, the reader's string.</summary>
    public void AddListed(ref Utf8JsonReader reader)
    {
        if (TryParse(ref reader, out var address) && _count < MaxAddresses)
            _listed[_count++] = address;
        else if (_refused.Count < MaxAddresses)
            _refused.Add(TextOf(ref reader));
    }

    /// <summary>Takes <c>podIP</c>, the reader's string. Empty means that there is none yet.</summary>
    public void SetSingle(ref Utf8JsonReader reader)
    {
        var valid = TryParse(ref reader, out var address);
        _single = valid ? address : null;
        _singleRefused = valid || reader.ValueSpan.IsEmpty ? null : TextOf(ref reader);
    }

    /// <summary>Gives them to the open row.</summary>
    public void MoveTo(PodBatch batch)
    {
        for (var i = 0; i < _count; i++)
            batch.AddAddress(_listed[i]);
        if (_single is { } single && (_count < MaxAddresses || _listed.AsSpan().Contains(single)))
            batch.AddAddress(single);
        else if (_single is { } surplus)
            batch.Keep(PodText.RefusedAddress, surplus.ToString());
        foreach (var text in _refused)
            batch.Keep(PodText.RefusedAddress, text);
        if (_singleRefused is not null && !_refused.Contains(_singleRefused))
            batch.Keep(PodText.RefusedAddress, _singleRefused);
    }

    private static bool TryParse(ref Utf8JsonReader reader, out PodAddress address)
    {
        address = default;
        var bytes = reader.ValueSpan;
        Span<char> text = stackalloc char[64];
        // No address needs an escape; and its characters are all ASCII, which a wider one cannot become here.
        if (bytes.Length > text.Length || reader.ValueIsEscaped)
            return false;
        var length = Encoding.Latin1.GetChars(bytes, text);
        return PodAddress.Parse(text[..length], out address) == AddressFault.None;
    }

    // As it stands in the JSON: escapes and what is no UTF-8 need not be resolved to tell what was refused.
    private static string TextOf(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 4 * RemoteText.MaxLength)]);
        return text.Length > RemoteText.MaxLength ? text[..RemoteText.MaxLength] : text;
    }
}
