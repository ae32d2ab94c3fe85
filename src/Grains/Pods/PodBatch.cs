using System.Runtime.InteropServices;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Pods;

/// <summary>
/// Pods as decoded from a list page or a watch, in order, packed into three arrays that are used again: a pod that is
/// already known costs no object. Filled by one decoder, then read; not thread-safe.
/// </summary>
/// <remarks>
/// A row is built between <see cref="Begin"/> and <see cref="Commit"/>; fields come in any order, as they do in JSON.
/// <see cref="Begin"/> also drops a row that was left half-built.
/// </remarks>
public sealed class PodBatch
{
    /// <summary>More addresses of one pod than this are refused: Kubernetes itself allows two.</summary>
    public const int MaxAddresses = 64;

    private readonly List<Row> _rows = [];
    private readonly List<PodAddress> _addresses = [];
    private readonly List<TextRange> _refused = [];
    private readonly List<char> _text = [];
    private Row _open;

    /// <summary>When the bytes were read, a timestamp of the <see cref="TimeProvider"/>: the start of the propagation time.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Number of committed rows.</summary>
    public int Count => _rows.Count;

    /// <summary>The pod in row <paramref name="index"/>; valid until the batch is changed.</summary>
    public PodView this[int index] => new(this, _rows[index]);

    /// <summary>Empties the batch, keeping its arrays.</summary>
    public void Clear()
    {
        _rows.Clear();
        _addresses.Clear();
        _refused.Clear();
        _text.Clear();
        _open = default;
    }

    /// <summary>Opens a row.</summary>
    public void Begin()
    {
        if (_open.IsOpen)
        {
            CollectionsMarshal.SetCount(_text, _open.TextStart);
            CollectionsMarshal.SetCount(_addresses, _open.AddressStart);
            CollectionsMarshal.SetCount(_refused, _open.RefusedStart);
        }

        _open = new() { IsOpen = true, TextStart = _text.Count, AddressStart = _addresses.Count, RefusedStart = _refused.Count };
    }

    /// <summary>Room for a text of at most <paramref name="length"/> characters, to be given back to one of the setters.</summary>
    public Span<char> Reserve(int length)
    {
        var start = _text.Count;
        CollectionsMarshal.SetCount(_text, start + length);
        return CollectionsMarshal.AsSpan(_text)[start..];
    }

    /// <summary>Ends a <see cref="Reserve"/>: keeps the first <paramref name="used"/> of the <paramref name="reserved"/> characters as <paramref name="field"/>.</summary>
    public void Keep(PodText field, int reserved, int used)
    {
        var start = _text.Count - reserved;
        CollectionsMarshal.SetCount(_text, start + used);
        var range = new TextRange(start, used);
        switch (field)
        {
            case PodText.Namespace: _open.Namespace = range; break;
            case PodText.Name: _open.Name = range; break;
            case PodText.SetName: _open.SetName = range; break;
            case PodText.RefusedAddress: _refused.Add(range); break;
        }
    }

    /// <summary>Copies a text that is at hand.</summary>
    public void Keep(PodText field, ReadOnlySpan<char> text)
    {
        text.CopyTo(Reserve(text.Length));
        Keep(field, text.Length, text.Length);
    }

    /// <summary><c>metadata.uid</c>; not set when it is no UUID.</summary>
    public void SetUid(Guid uid) => _open.Uid = uid;

    /// <summary><c>metadata.resourceVersion</c> as a number; 0 when it is none, which switches the check for stale events off.</summary>
    public void SetResourceVersion(ulong resourceVersion) => _open.ResourceVersion = resourceVersion;

    /// <summary>Adds a trait.</summary>
    public void AddTrait(PodTraits trait) => _open.Traits |= trait;

    /// <summary>An address of <c>status.podIPs</c> (or <c>podIP</c>); one that is there already is not added again.</summary>
    public void AddAddress(PodAddress address)
    {
        var known = CollectionsMarshal.AsSpan(_addresses)[_open.AddressStart..];
        if (known.Contains(address))
            return;
        if (known.Length < MaxAddresses)
            _addresses.Add(address);
        else
            _refused.Add(default);
    }

    /// <summary>Closes the row.</summary>
    public void Commit(PodChange change)
    {
        _open.Change = change;
        _open.AddressCount = _addresses.Count - _open.AddressStart;
        _open.RefusedCount = _refused.Count - _open.RefusedStart;
        _rows.Add(_open);
        _open = default;
    }

    internal ReadOnlySpan<char> Text(TextRange range) => CollectionsMarshal.AsSpan(_text).Slice(range.Start, range.Length);

    internal ReadOnlySpan<PodAddress> Addresses(Row row) => CollectionsMarshal.AsSpan(_addresses).Slice(row.AddressStart, row.AddressCount);

    internal ReadOnlySpan<char> Refused(Row row, int index) => Text(_refused[row.RefusedStart + index]);

    internal readonly record struct TextRange(int Start, int Length);

    internal struct Row
    {
        public bool IsOpen;
        public PodChange Change;
        public PodTraits Traits;
        public TextRange Namespace;
        public TextRange Name;
        public TextRange SetName;
        public int TextStart;
        public int AddressStart;
        public int AddressCount;
        public int RefusedStart;
        public int RefusedCount;
        public ulong ResourceVersion;
        public Guid Uid;
    }
}
