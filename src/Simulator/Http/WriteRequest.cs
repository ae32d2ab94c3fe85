using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Reads the parameters and body of a write and carries it out.</summary>
internal sealed class WriteRequest(Exchange exchange, ServedResource resource, ApiTarget target, DateTimeOffset now)
{
    private const string ApplyType = "application/apply-patch+yaml";
    private const string MergeType = "application/merge-patch+json";
    private const string JsonPatchType = "application/json-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";

    private readonly string _contentType = exchange.Context.Request.ContentType?.Split(';')[0].Trim() ?? "";

    /// <exception cref="ApiError">Whatever is wrong with the request.</exception>
    public async Task<WriteResult> RunAsync()
    {
        try
        {
            return await RunAsync(exchange.Request.Verb).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or JsonException)
        {
            // JSON of the wrong type somewhere in it, such as a number for a name.
            throw ApiError.BadRequest($"the object provided is unrecognized: json: {exception.Message}");
        }
    }

    private Task<WriteResult> RunAsync(string verb) => verb switch
    {
        "create" => CreateAsync(),
        "update" => ReplaceAsync(),
        "patch" => PatchAsync(),
        _ => DeleteAsync(),
    };

    private async Task<WriteResult> CreateAsync()
    {
        CheckJson();
        return ObjectWrites.Create(Context("CreateOptions"), await RequiredObjectAsync().ConfigureAwait(false));
    }

    private async Task<WriteResult> ReplaceAsync()
    {
        CheckName();
        CheckJson();
        return ObjectWrites.Replace(Context("UpdateOptions"), await RequiredObjectAsync().ConfigureAwait(false));
    }

    private async Task<WriteResult> PatchAsync()
    {
        CheckName();
        var context = Context("PatchOptions");
        var force = Parameter("force");
        if (_contentType == ApplyType && !resource.Type.IsPods)
        {
            if (Parameter("fieldManager").Length == 0)
                throw ApiError.Invalid("meta.k8s.io", "PatchOptions", "", "fieldManager", "Required value: is required for apply patch", "FieldValueRequired");
            return ObjectWrites.Apply(context, await RequiredObjectAsync().ConfigureAwait(false), force is "true" or "1");
        }

        if (force.Length > 0)
            throw ApiError.Invalid("meta.k8s.io", "PatchOptions", "", "force", "Forbidden: may not be specified for non-apply patch", "FieldValueForbidden");
        var body = await (_contentType switch
        {
            MergeType or JsonPatchType => RequestBody.ReadAsync(exchange),
            // Equal to a merge patch for all that has no lists with keys, such as metadata and most of a pod's status.
            StrategicType when resource.Type.IsPods => RequestBody.ReadAsync(exchange),
            _ => throw ApiError.UnsupportedMediaType($"{JsonPatchType}, {MergeType}, {ApplyType}"),
        }).ConfigureAwait(false);
        if (_contentType == JsonPatchType)
        {
            var operations = body as JsonArray ?? throw ApiError.BadRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
            return ObjectWrites.Patch(context, current => JsonPatch.Apply(current, operations));
        }

        var patch = body as JsonObject ?? throw context.Invalid("patch", "Invalid value: a merge patch must be an object");
        return ObjectWrites.Patch(context, current => MergePatch.Apply(current, patch));
    }

    private async Task<WriteResult> DeleteAsync()
    {
        var body = await RequestBody.ReadObjectAsync(exchange).ConfigureAwait(false);
        return ObjectWrites.Delete(Context("DeleteOptions"), DeleteOptions.From(body, Parameter("gracePeriodSeconds")));
    }

    private WriteContext Context(string optionsKind)
    {
        var dryRun = Parameter("dryRun");
        if (dryRun is not ("" or "All"))
            throw ApiError.Invalid("meta.k8s.io", optionsKind, "", "dryRun", $"Unsupported value: []string{{\"{dryRun}\"}}: supported values: \"All\"", "FieldValueNotSupported");
        var manager = Parameter("fieldManager");
        if (manager.Length == 0)
            manager = exchange.Context.Request.Headers.UserAgent.ToString().Split('/')[0];
        return new WriteContext(resource, target, manager.Length == 0 ? "unknown" : manager, dryRun.Length > 0, now);
    }

    private async Task<JsonObject> RequiredObjectAsync() =>
        await RequestBody.ReadObjectAsync(exchange).ConfigureAwait(false) ?? throw ApiError.BadRequest("the object provided is unrecognized: the body is empty");

    private void CheckName()
    {
        if (target.Name is null)
            throw ApiError.BadRequest("name must be provided");
    }

    // A body without a type is taken as JSON.
    private void CheckJson()
    {
        if (_contentType is not ("" or "application/json"))
            throw ApiError.UnsupportedMediaType("application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    private string Parameter(string name) => exchange.Context.Request.Query[name].ToString();
}
