using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Simulator;

/// <summary>Parameters of a list or watch, checked as the real server checks them.</summary>
internal sealed record ListOptions
{
    public required LabelSelector Labels { get; init; }

    public required FieldSelector Fields { get; init; }

    public required bool Watch { get; init; }

    public required bool AllowBookmarks { get; init; }

    public required bool SendInitialEvents { get; init; }

    /// <summary>As sent; empty and "0" mean different things.</summary>
    public required string ResourceVersion { get; init; }

    public required string Match { get; init; }

    public required long Limit { get; init; }

    public required ContinueToken? Continue { get; init; }

    public required TimeSpan? Timeout { get; init; }

    /// <exception cref="ApiError">400 or 422 when a value does not parse or does not go with another.</exception>
    public static ListOptions Parse(IQueryCollection query, bool streamingLists)
    {
        var options = new ListOptions
        {
            Labels = LabelSelector.Parse(query["labelSelector"]),
            Fields = FieldSelector.Parse(query["fieldSelector"]),
            Watch = Flag(query, "watch"),
            AllowBookmarks = Flag(query, "allowWatchBookmarks"),
            SendInitialEvents = streamingLists && Flag(query, "sendInitialEvents"),
            ResourceVersion = query["resourceVersion"].ToString(),
            Match = query["resourceVersionMatch"].ToString(),
            Limit = Math.Max(0, Number(query, "limit") ?? 0),
            Continue = !Flag(query, "watch") && query["continue"].ToString() is { Length: > 0 } token ? ContinueToken.Decode(token) : null,
            Timeout = Number(query, "timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        options.CheckMatch();
        return options;
    }

    /// <summary>The resourceVersion as a number, 0 when it is not set.</summary>
    /// <exception cref="ApiError">500 when it is no number, as the real server answers.</exception>
    public long Version
    {
        get
        {
            if (ResourceVersion.Length == 0)
                return 0;
            return long.TryParse(ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : throw ApiError.Internal($"resourceVersion: Invalid value: \"{ResourceVersion}\": strconv.ParseUint: parsing \"{ResourceVersion}\": invalid syntax");
        }
    }

    // Go's query conversion takes "0" and "false" as false and any other text as true.
    private static bool Flag(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && !(value.ToString() is "0" || value.ToString().Equals("false", StringComparison.OrdinalIgnoreCase));

    private static long? Number(IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiError.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private void CheckMatch()
    {
        if (SendInitialEvents)
        {
            if (!Watch || Match != "NotOlderThan" || !AllowBookmarks)
                throw Invalid("sendInitialEvents", "Forbidden: sendInitialEvents requires a watch with resourceVersionMatch=NotOlderThan and allowWatchBookmarks=true");
            return;
        }

        if (Match.Length == 0)
            return;
        if (Watch)
            throw Invalid("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden for watch");
        if (Continue is not null)
            throw Invalid("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden when continue is provided");
        if (ResourceVersion.Length == 0)
            throw Invalid("resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (Match == "Exact" && ResourceVersion == "0")
            throw Invalid("resourceVersionMatch", "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        if (Match is not ("Exact" or "NotOlderThan"))
            throw Invalid("resourceVersionMatch", $"Unsupported value: \"{Match}\": supported values: \"Exact\", \"NotOlderThan\", \"\"", "FieldValueNotSupported");
    }

    private static ApiError Invalid(string field, string why, string reason = "FieldValueForbidden") =>
        ApiError.Invalid("meta.k8s.io", "ListOptions", "", field, why, reason);
}
