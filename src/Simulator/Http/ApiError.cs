using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>A failure that is answered as a Kubernetes <c>Status</c> object.</summary>
internal sealed class ApiError(int code, string? reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    /// <summary>Put into the metadata of the answer to an expired continue token.</summary>
    public ContinueToken? FreshToken { get; init; }

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = FreshToken is null ? [] : new JsonObject { ["continue"] = FreshToken.Encode() },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (reason is not null)
            status["reason"] = reason;
        if (details is not null)
            status["details"] = details.DeepClone();
        status["code"] = code;
        return status;
    }

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    /// <summary>An error without a reason, as the real server answers what it did not foresee.</summary>
    public static ApiError Internal(string message) => new(500, null, message);

    public static ApiError Forbidden(ApiTarget target, string verb) => new(
        403,
        "Forbidden",
        $"{target.QualifiedResource}{(target.Name is null ? "" : $" \"{target.Name}\"")} is forbidden: User \"simulated\" cannot {verb} resource "
            + $"\"{target.Resource}\" in API group \"{target.Group}\" {(target.Namespace is null ? "at the cluster scope" : $"in the namespace \"{target.Namespace}\"")}",
        Details(target.Name, target.Group, target.Resource));

    public static ApiError NotFound(ApiTarget target) => new(
        404, "NotFound", $"{target.QualifiedResource} \"{target.Name}\" not found", Details(target.Name, target.Group, target.Resource));

    public static ApiError NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiError MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiError NotAcceptable() => new(
        406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf");

    public static ApiError UnsupportedMediaType(string accepted) => new(
        415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiError AlreadyExists(ApiTarget target, string name) => new(
        409, "AlreadyExists", $"{target.QualifiedResource} \"{name}\" already exists", Details(name, target.Group, target.Resource));

    public static ApiError Conflict(ApiTarget target, string why) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {target.QualifiedResource} \"{target.Name}\": {why}",
        Details(target.Name, target.Group, target.Resource));

    public static ApiError Modified(ApiTarget target) => Conflict(
        target, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiError ApplyConflict(IReadOnlyList<(string Manager, string Field)> conflicts)
    {
        var causes = conflicts.Select(conflict => Cause("FieldManagerConflict", $"conflict with {conflict.Manager}", conflict.Field));
        var list = string.Join(", ", conflicts.Select(conflict => $"conflict with {conflict.Manager}: {conflict.Field}"));
        var noun = conflicts.Count == 1 ? "conflict" : "conflicts";
        return new ApiError(
            409, "Conflict", $"Apply failed with {conflicts.Count} {noun}: {list}", new JsonObject { ["causes"] = new JsonArray([.. causes]) });
    }

    /// <summary>422 of an object that breaks a rule in one field.</summary>
    public static ApiError Invalid(string group, string kind, string name, string field, string why, string reason = "FieldValueInvalid")
    {
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var details = Details(name.Length == 0 ? null : name, group, kind);
        details["causes"] = new JsonArray(Cause(reason, why, field));
        return new ApiError(422, "Invalid", $"{qualified} \"{name}\" is invalid: {field}: {why}", details);
    }

    /// <summary>422 of a patch that could not be carried out; the real server says no more than this.</summary>
    public static ApiError PatchFailed() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    public static ApiError Expired(string message) => new(410, "Expired", message);

    public static ApiError VersionTooLarge(long wanted, long current) => new(
        504,
        "Timeout",
        $"Timeout: Too large resource version: {wanted}, current: {current}",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
            ["retryAfterSeconds"] = 1,
        });

    private static JsonObject Cause(string reason, string message, string field) =>
        new() { ["reason"] = reason, ["message"] = message, ["field"] = field };

    private static JsonObject Details(string? name, string group, string kind)
    {
        var details = new JsonObject();
        if (name is not null)
            details["name"] = name;
        if (group.Length > 0)
            details["group"] = group;
        details["kind"] = kind;
        return details;
    }
}
