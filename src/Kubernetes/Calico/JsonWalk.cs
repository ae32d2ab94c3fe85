using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Steps through JSON whose shape is not trusted; text that ends too soon is a <see cref="JsonException"/>.</summary>
internal static class JsonWalk
{
    /// <exception cref="JsonException">The text ends here, or is no JSON.</exception>
    public static bool Next(ref Utf8JsonReader reader) => reader.Read() ? true : throw new JsonException("The text ends too soon.");

    /// <summary>Goes to the next property's name; false at the object's end.</summary>
    public static bool NextProperty(ref Utf8JsonReader reader) => Next(ref reader) && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Goes to a property's value and into it; false, and past it, when it is of another type.</summary>
    public static bool TryEnter(ref Utf8JsonReader reader, JsonTokenType start)
    {
        Next(ref reader);
        if (reader.TokenType == start)
            return true;
        SkipChildren(ref reader);
        return false;
    }

    /// <summary>Goes past a property's value.</summary>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        Next(ref reader);
        SkipChildren(ref reader);
    }

    /// <summary>Goes to the end of the value that the reader stands at.</summary>
    public static void SkipChildren(ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip())
            throw new JsonException("The text ends too soon.");
    }

    /// <summary>Goes to a property's value; false, and past it, when it is no text.</summary>
    public static bool TryReadText(ref Utf8JsonReader reader) => TryEnter(ref reader, JsonTokenType.String);

    /// <summary>A property's value; null when it is no text, or none that is valid.</summary>
    public static string? ReadText(ref Utf8JsonReader reader) => TryReadText(ref reader) ? GetText(ref reader) : null;

    /// <summary>The text that the reader stands at; null when it is not valid.</summary>
    public static string? GetText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            return null;
        }
    }
}
