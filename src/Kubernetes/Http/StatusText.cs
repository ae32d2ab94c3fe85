using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>What a Kubernetes Status in an answer's body says; raw text of the other side.</summary>
internal sealed class StatusText
{
    private readonly List<string> _fields = [];

    public string? Message { get; private set; }

    public string? Reason { get; private set; }

    /// <summary><c>details.name</c>.</summary>
    public string? ObjectName { get; private set; }

    /// <summary><c>details.causes[].field</c>.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>Reads as much as there is: the body may be anything, and be cut.</summary>
    public static StatusText Parse(ReadOnlySpan<byte> body)
    {
        var status = new StatusText();
        var reader = new Utf8JsonReader(body);
        var inDetails = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.CurrentDepth == 1)
                    inDetails = reader.ValueTextEquals("details"u8);
                else if (!inDetails)
                    continue;
                status.Take(ref reader);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, cut at the limit, or not UTF-8: what was read until then is all there is to tell.
        }

        return status;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        var key = reader.GetString();
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            return;
        // {"message":…,"reason":…,"details":{"name":…,"causes":[{"field":…}]}}
        switch (depth, key)
        {
            case (1, "message"):
                Message = reader.GetString();
                break;
            case (1, "reason"):
                Reason = reader.GetString();
                break;
            case (2, "name"):
                ObjectName = reader.GetString();
                break;
            case (4, "field"):
                _fields.Add(reader.GetString()!);
                break;
        }
    }
}
