using System.Text;
using System.Text.Json;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Decodes a watch as its bytes come: an event per line.</summary>
/// <param name="source">Where the set's name stands.</param>
/// <param name="endsWithInitialEvents">True to stop, with <see cref="InitialEventsEnded"/>, at the end of a streaming list.</param>
/// <remarks>A line that is no event is passed over and told of; the stream goes on at the next one.</remarks>
internal sealed class PodWatchDecoder(SetNameSource source, bool endsWithInitialEvents = false)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, AllowMultipleValues = true };

    private readonly PodJson _object = new(source);
    private readonly NameBytes _lastVersion = new();
    private JsonReaderState _state = new(Options);
    private Place _place = Place.Start;
    private Field _field;
    private EventType _type;
    private int _skipTo = -1;
    private bool _hasObject;
    private bool _skipsLine;
    private long _lineBytes;

    private enum Place : byte
    {
        Start,
        Event,
        Object,
    }

    private enum Field : byte
    {
        None,
        Type,
        Object,
    }

    private enum EventType : byte
    {
        Unknown,
        Upsert,
        Delete,
        Bookmark,
        Error,
    }

    /// <summary>The version up to which everything has been decoded; null before the first event.</summary>
    public string? ResourceVersion => _lastVersion.IsEmpty ? null : _lastVersion.ToString();

    /// <summary>Events and bookmarks decoded so far.</summary>
    public long Events { get; private set; }

    /// <summary>The status of an ERROR event, which ends the stream; null as long as there was none.</summary>
    public (int Code, string Message)? Error { get; private set; }

    /// <summary>The initial events of a streaming list have all come.</summary>
    public bool InitialEventsEnded { get; private set; }

    private bool IsOver => Error is not null || (endsWithInitialEvents && InitialEventsEnded);

    /// <summary>Puts the events of the bytes at hand behind those in the batch; answers how many bytes were used up.</summary>
    /// <param name="bytes">What has come and was not used up.</param>
    /// <param name="batch">Takes the pods.</param>
    /// <param name="refused">Takes a text for each line that was passed over.</param>
    /// <exception cref="InvalidDataException">A line is longer than 8 MiB.</exception>
    public int Decode(ReadOnlySpan<byte> bytes, PodBatch batch, List<string> refused)
    {
        var consumed = 0;
        while (consumed < bytes.Length && !IsOver)
        {
            var used = _skipsLine ? SkipLine(bytes[consumed..]) : DecodeEvents(bytes[consumed..], batch, refused);
            if (used == 0 && !_skipsLine)
                break;
            consumed += used;
        }

        _lineBytes += _place == Place.Start && !_skipsLine ? 0 : consumed;
        if (_lineBytes > ByteWindow.MaxBytes)
            throw new InvalidDataException("a line of the watch is longer than 8 MiB");
        return consumed;
    }

    private int SkipLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
            return bytes.Length;
        _skipsLine = false;
        _lineBytes = 0;
        return end + 1;
    }

    private int DecodeEvents(ReadOnlySpan<byte> bytes, PodBatch batch, List<string> refused)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        try
        {
            Advance(ref reader, batch, refused);
            _state = reader.CurrentState;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            refused.Add(_place == Place.Object ? $"event of pod {_object.Name} is broken JSON" : "a line of the watch is no event");
            _state = new(Options);
            _place = Place.Start;
            _skipTo = -1;
            _skipsLine = true;
        }

        return (int)reader.BytesConsumed;
    }

    private void Advance(ref Utf8JsonReader reader, PodBatch batch, List<string> refused)
    {
        while (!IsOver)
        {
            if (_place == Place.Object)
            {
                if (!_object.Advance(ref reader))
                    return;
                _place = Place.Event;
            }

            if (!reader.Read())
                return;
            if (_skipTo >= 0)
            {
                if (reader.CurrentDepth == _skipTo && reader.TokenType is (JsonTokenType.EndObject or JsonTokenType.EndArray))
                    _skipTo = -1;
                continue;
            }

            Take(ref reader, batch, refused);
        }
    }

    private void Take(ref Utf8JsonReader reader, PodBatch batch, List<string> refused)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _field = reader.ValueTextEquals("type"u8) ? Field.Type : reader.ValueTextEquals("object"u8) ? Field.Object : Field.None;
                break;
            case JsonTokenType.StartObject when _place == Place.Start:
                _place = Place.Event;
                _type = EventType.Unknown;
                _hasObject = false;
                _lineBytes = 0;
                break;
            case JsonTokenType.StartObject when _field == Field.Object:
                _place = Place.Object;
                _hasObject = true;
                _object.Begin();
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray when _place == Place.Event:
                _skipTo = reader.CurrentDepth;
                break;
            case JsonTokenType.EndObject:
                _place = Place.Start;
                End(batch, refused);
                break;
            case JsonTokenType.String when _field == Field.Type:
                _type = TypeOf(ref reader);
                break;
            default:
                if (_place == Place.Start)
                    throw new JsonException();
                break;
        }
    }

    private void End(PodBatch batch, List<string> refused)
    {
        _lineBytes = 0;
        if (_hasObject && _type == EventType.Error)
        {
            Error = (_object.Code, _object.Message ?? "");
            return;
        }

        var decoded = _hasObject && _type switch
        {
            EventType.Upsert => _object.Commit(batch, PodChange.Upsert),
            EventType.Delete => _object.Commit(batch, PodChange.Delete),
            EventType.Bookmark => true,
            _ => false,
        };
        if (!decoded)
            refused.Add(_hasObject && _object.Fault is { } fault ? $"event of pod {_object.Name} left out: {fault}" : "a line of the watch is no event");
        if (!_hasObject || _object.ResourceVersion.IsEmpty)
            return;
        Events++;
        InitialEventsEnded |= _type == EventType.Bookmark && _object.EndsInitialEvents;
        _lastVersion.Set(_object.ResourceVersion);
    }

    private static EventType TypeOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("MODIFIED"u8) || reader.ValueTextEquals("ADDED"u8) ? EventType.Upsert
        : reader.ValueTextEquals("DELETED"u8) ? EventType.Delete
        : reader.ValueTextEquals("BOOKMARK"u8) ? EventType.Bookmark
        : reader.ValueTextEquals("ERROR"u8) ? EventType.Error
        : EventType.Unknown;
}
