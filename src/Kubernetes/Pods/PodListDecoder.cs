using System.Text.Json;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Decodes one page of a pod list as its bytes come, item by item.</summary>
/// <remarks>
/// An item that cannot be decoded is told of and kept by its name alone: left out, it would look like a pod that is gone.
/// Without a name it makes the page a failure.
/// </remarks>
internal sealed class PodListDecoder
{
    private const int MaxRefusals = 256;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly PodJson _item;
    private readonly PodBatch _batch;
    private readonly List<string> _refused = [];
    private JsonReaderState _state = new(Options);
    private Place _place = Place.Start;
    private Field _field;
    private int _skipTo = -1;
    private long _itemBytes;
    private bool _isPodList;
    private bool _hasItems;

    public PodListDecoder(SetNameSource source, PodBatch batch)
    {
        _item = new PodJson(source);
        _batch = batch;
    }

    private enum Place : byte
    {
        Start,
        Document,
        Metadata,
        Items,
        Item,
        End,
    }

    private enum Field : byte
    {
        None,
        Kind,
        Metadata,
        Items,
        ResourceVersion,
        Continue,
    }

    /// <summary>True when the page has come in whole.</summary>
    public bool IsComplete => _place == Place.End;

    /// <summary>The version of the snapshot that the page is of.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>The token of the next page; null on the last one.</summary>
    public string? Continue { get; private set; }

    /// <summary>A line for each item that could not be decoded, the first few hundred.</summary>
    public IReadOnlyList<string> Refused => _refused;

    /// <summary>Takes the bytes that are at hand; answers how many of them were used up.</summary>
    /// <exception cref="InvalidDataException">It is no page of pods; the message says what it is instead.</exception>
    public int Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        try
        {
            Advance(ref reader);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(_place == Place.Start ? "the answer is no JSON" : "the list is broken JSON");
        }

        _state = reader.CurrentState;
        var consumed = (int)reader.BytesConsumed;
        _itemBytes += consumed;
        if (_place == Place.Item && _itemBytes > ByteWindow.MaxBytes)
            throw new InvalidDataException("a pod in the list is larger than 8 MiB");
        return consumed;
    }

    /// <summary>To be called when no more bytes come.</summary>
    /// <exception cref="InvalidDataException">That was not a whole page of pods.</exception>
    public void Finish()
    {
        if (_place == Place.Start)
            throw new InvalidDataException("the answer is empty");
        if (!IsComplete)
            throw new InvalidDataException("the list is cut off");
        if (!_isPodList)
            throw new InvalidDataException("the answer has no kind");
        if (!_hasItems || ResourceVersion is null)
            throw new InvalidDataException("the list has no items or no resourceVersion");
    }

    private void Advance(ref Utf8JsonReader reader)
    {
        while (true)
        {
            if (_place == Place.Item)
            {
                if (!_item.Advance(ref reader))
                    return;
                if (!_item.Commit(_batch, PodChange.Upsert))
                    Refuse();
                _place = Place.Items;
            }

            if (!reader.Read())
                return;
            if (_skipTo >= 0)
            {
                if (reader.CurrentDepth == _skipTo && reader.TokenType is (JsonTokenType.EndObject or JsonTokenType.EndArray))
                    _skipTo = -1;
                continue;
            }

            Take(ref reader);
        }
    }

    private void Refuse()
    {
        var refusal = $"pod {_item.Name} in the list cannot be decoded: {_item.Fault}";
        if (!_item.CommitUnreadable(_batch))
            throw new InvalidDataException(refusal);
        if (_refused.Count < MaxRefusals)
            _refused.Add(refusal);
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _field = FieldOf(ref reader);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                Enter(ref reader);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                _place = _place == Place.Document ? Place.End : Place.Document;
                break;
            default:
                TakeScalar(ref reader);
                break;
        }
    }

    private void Enter(ref Utf8JsonReader reader)
    {
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        switch (_place)
        {
            case Place.Start when isObject:
                _place = Place.Document;
                break;
            case Place.Document when isObject && _field == Field.Metadata:
                _place = Place.Metadata;
                break;
            case Place.Document when !isObject && _field == Field.Items:
                // Twice the same key: the last one counts.
                _batch.Clear();
                _hasItems = true;
                _place = Place.Items;
                break;
            case Place.Items when isObject:
                _place = Place.Item;
                _itemBytes = 0;
                _item.Begin();
                break;
            case Place.Document or Place.Metadata when _field == Field.None:
                _skipTo = reader.CurrentDepth;
                break;
            default:
                throw new InvalidDataException("the answer is no list of pods");
        }
    }

    private void TakeScalar(ref Utf8JsonReader reader)
    {
        if (_place is Place.Start or Place.Items)
            throw new InvalidDataException("the answer is no list of pods");
        switch (_field)
        {
            case Field.Kind:
                _isPodList = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("PodList"u8);
                if (!_isPodList)
                    throw new InvalidDataException($"the answer is no PodList but a {RemoteText.Escape(reader.GetString())}");
                break;
            case Field.ResourceVersion:
                ResourceVersion = TextOf(ref reader);
                break;
            case Field.Continue:
                Continue = TextOf(ref reader);
                break;
            // The real server never sends null for items: what does is no list, and may not empty a cluster.
            case Field.Metadata or Field.Items:
                throw new InvalidDataException("the answer is no list of pods");
        }
    }

    private static string? TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text ? text : null;

    private Field FieldOf(ref Utf8JsonReader reader) => _place switch
    {
        Place.Document when reader.ValueTextEquals("kind"u8) => Field.Kind,
        Place.Document when reader.ValueTextEquals("metadata"u8) => Field.Metadata,
        Place.Document when reader.ValueTextEquals("items"u8) => Field.Items,
        Place.Metadata when reader.ValueTextEquals("resourceVersion"u8) => Field.ResourceVersion,
        Place.Metadata when reader.ValueTextEquals("continue"u8) => Field.Continue,
        _ => Field.None,
    };
}
