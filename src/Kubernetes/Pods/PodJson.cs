using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// Decodes one object token by token, wherever its bytes are cut: a pod, a Status or a bookmark. Fields nobody needs are
/// passed over; nothing is built of them, nor of those that are needed before they go into a row.
/// </summary>
internal sealed class PodJson(SetNameSource source)
{
    private const int MaxVersionBytes = 64;
    private const int MaxNameBytes = 1024;

    private readonly PodFieldTable _fields = new(source);
    private readonly PodAddresses _addresses = new();
    private readonly PodPlace[] _path = new PodPlace[8];
    private readonly byte[] _version = new byte[MaxVersionBytes];
    private readonly NameBytes _namespace = new();
    private readonly NameBytes _name = new();
    private readonly char[] _setName = new char[MaxNameBytes];
    private PodTraits _traits;
    private PodField _field;
    private int _depth;
    private int _skipTo;
    private int _setNameLength;
    private int _versionLength;
    private ulong _versionNumber;
    private Guid _uid;
    private bool _isTerminating;

    /// <summary>What is wrong with the object; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary><c>metadata.namespace</c>/<c>metadata.name</c>, as far as known, for a message.</summary>
    public string Name => RemoteText.Escape($"{_namespace}/{_name}");

    /// <summary><c>code</c> of a Status.</summary>
    public int Code { get; private set; }

    /// <summary><c>message</c> of a Status.</summary>
    public string? Message { get; private set; }

    /// <summary>The bookmark that ends the initial events of a streaming list.</summary>
    public bool EndsInitialEvents { get; private set; }

    /// <summary><c>metadata.resourceVersion</c>, ASCII; empty when there was none.</summary>
    public ReadOnlySpan<byte> ResourceVersion => _version.AsSpan(0, _versionLength);

    /// <summary>Begins an object; the reader stands on its opening brace.</summary>
    public void Begin()
    {
        _addresses.Clear();
        _path[0] = PodPlace.Object;
        _depth = 0;
        _skipTo = -1;
        _field = PodField.None;
        _traits = PodTraits.None;
        _setNameLength = _versionLength = 0;
        _versionNumber = 0;
        _uid = Guid.Empty;
        _isTerminating = EndsInitialEvents = false;
        _namespace.Clear();
        _name.Clear();
        Fault = Message = null;
        Code = 0;
    }

    /// <summary>Goes on as far as the bytes reach; true at the object's closing brace.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public bool Advance(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (_skipTo >= 0)
            {
                if (reader.CurrentDepth == _skipTo && reader.TokenType is (JsonTokenType.EndObject or JsonTokenType.EndArray))
                    _skipTo = -1;
                continue;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _field = _fields.FieldOf(_path[_depth], ref reader);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    Enter(ref reader);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    if (_depth-- == 0)
                        return true;
                    break;
                default:
                    TakeScalar(ref reader);
                    break;
            }
        }

        return false;
    }

    /// <summary>Puts the pod into a row; false, with <see cref="Fault"/>, when it is none that can be used.</summary>
    public bool Commit(PodBatch batch, PodChange change)
    {
        if (_name.IsEmpty || _namespace.IsEmpty)
            Fault ??= "it has no name or no namespace";
        if (Fault is not null)
            return false;
        batch.Begin();
        _namespace.MoveTo(batch, PodText.Namespace);
        _name.MoveTo(batch, PodText.Name);
        batch.Keep(PodText.SetName, _setName.AsSpan(0, _setNameLength));
        _addresses.MoveTo(batch);
        batch.SetUid(_uid);
        batch.SetResourceVersion(_versionNumber);
        batch.AddTrait(_isTerminating ? _traits | PodTraits.Terminating : _traits);
        batch.Commit(change);
        return true;
    }

    /// <summary>Puts a row there that says only that the pod exists; false when not even its name is known.</summary>
    public bool CommitUnreadable(PodBatch batch)
    {
        if (_name.IsEmpty || _namespace.IsEmpty)
            return false;
        batch.Begin();
        _namespace.MoveTo(batch, PodText.Namespace);
        _name.MoveTo(batch, PodText.Name);
        batch.Commit(PodChange.Unreadable);
        return true;
    }

    private void Enter(ref Utf8JsonReader reader)
    {
        var place = PlaceBelow(reader.TokenType == JsonTokenType.StartArray);
        if (place is { } known)
            _path[++_depth] = known;
        else
            _skipTo = reader.CurrentDepth;
        if (place == PodPlace.PodIPs)
            _addresses.ClearListed();
        _field = PodField.None;
    }

    private PodPlace? PlaceBelow(bool isArray)
    {
        if (_path[_depth] == PodPlace.PodIPs)
            return isArray ? Refuse("podIPs holds no objects") : PodPlace.PodIP;
        var place = _field switch
        {
            PodField.Metadata => PodPlace.Metadata,
            PodField.Spec => PodPlace.Spec,
            PodField.Status => PodPlace.Status,
            PodField.Annotations => PodPlace.Annotations,
            PodField.Labels => PodPlace.Labels,
            PodField.PodIPs => PodPlace.PodIPs,
            _ => (PodPlace?)null,
        };
        if (place is null)
            return _field is PodField.None or PodField.Code or PodField.Message ? null : Refuse($"{_field} is no plain value");
        return isArray == (place == PodPlace.PodIPs) ? place : Refuse($"{_field} is of another kind than it should be");
    }

    private PodPlace? Refuse(string fault)
    {
        Fault ??= fault;
        return null;
    }

    // A null is what an absent field is, as in Go.
    private void TakeScalar(ref Utf8JsonReader reader)
    {
        if (_path[_depth] == PodPlace.PodIPs)
            Refuse("podIPs holds no objects");
        if (_field == PodField.None || reader.TokenType == JsonTokenType.Null)
            return;
        if (_field == PodField.Code)
            Code = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code) ? code : 0;
        else if (_field == PodField.HostNetwork)
            TakeHostNetwork(reader.TokenType);
        else if (reader.TokenType == JsonTokenType.String)
            TakeText(ref reader);
        else
            Refuse($"{_field} is no text");
    }

    private void TakeHostNetwork(JsonTokenType token)
    {
        if (token is JsonTokenType.True or JsonTokenType.False)
            _traits = token == JsonTokenType.True ? _traits | PodTraits.HostNetwork : _traits & ~PodTraits.HostNetwork;
        else
            Refuse("hostNetwork is no boolean");
    }

    private void TakeText(ref Utf8JsonReader reader)
    {
        switch (_field)
        {
            case PodField.Name:
                TakeName(PodText.Name, _name, ref reader);
                break;
            case PodField.Namespace:
                TakeName(PodText.Namespace, _namespace, ref reader);
                break;
            case PodField.SetName:
                TakeSetName(ref reader);
                break;
            case PodField.Uid:
                _uid = Utf8Parser.TryParse(reader.ValueSpan, out Guid uid, out var used) && used == reader.ValueSpan.Length ? uid : Guid.Empty;
                break;
            case PodField.ResourceVersion:
                TakeVersion(reader.ValueSpan);
                break;
            case PodField.DeletionTimestamp:
                _isTerminating = true;
                break;
            case PodField.Phase:
                var finished = reader.ValueTextEquals("Succeeded"u8) || reader.ValueTextEquals("Failed"u8);
                _traits = finished ? _traits | PodTraits.Finished : _traits & ~PodTraits.Finished;
                break;
            case PodField.PodIP:
                _addresses.SetSingle(ref reader);
                break;
            case PodField.ListedIP:
                _addresses.AddListed(ref reader);
                break;
            case PodField.InitialEventsEnd:
                EndsInitialEvents = reader.ValueTextEquals("true"u8);
                break;
            case PodField.Message:
                Message = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, MaxNameBytes)]);
                break;
            default:
                Refuse($"{_field} is of another kind than it should be");
                break;
        }
    }

    private void TakeName(PodText field, NameBytes known, ref Utf8JsonReader reader)
    {
        known.Set(reader.ValueSpan);
        Span<char> text = stackalloc char[KubernetesName.MaxSubdomainLength];
        // A valid name is plain ASCII, so what needs an escape or is longer is none.
        var length = reader.ValueSpan.Length <= text.Length && !reader.ValueIsEscaped ? Encoding.Latin1.GetChars(reader.ValueSpan, text) : 0;
        text = text[..length];
        if (!(field == PodText.Namespace ? KubernetesName.IsLabel(text) : KubernetesName.IsSubdomain(text)))
            Refuse($"its {_field} is no valid name");
    }

    private void TakeSetName(ref Utf8JsonReader reader)
    {
        var bytes = reader.ValueSpan;
        try
        {
            // Far longer than any set's name can be: what is kept of it is enough to be refused by.
            _setNameLength = bytes.Length > MaxNameBytes ? Encoding.UTF8.GetChars(bytes[..MaxNameBytes], _setName) : reader.CopyString(_setName);
        }
        catch (InvalidOperationException)
        {
            Refuse("its set name is not valid UTF-8");
        }
    }

    private void TakeVersion(ReadOnlySpan<byte> version)
    {
        if (version.Length is 0 or > MaxVersionBytes || version.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0 || version.Contains((byte)'\\'))
        {
            Refuse("resourceVersion is none");
            return;
        }

        version.CopyTo(_version);
        _versionLength = version.Length;
        _versionNumber = Utf8Parser.TryParse(version, out ulong number, out var used) && used == version.Length ? number : 0;
    }
}
