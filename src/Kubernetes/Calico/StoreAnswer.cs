using System.Net;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>What an answer means for the writer of a set.</summary>
internal static class StoreAnswer
{
    private const string NotFoundReason = "NotFound";

    /// <summary>The result of a 2xx.</summary>
    public static StoreResult Read(StoreCall call, CalicoApi api, ReadOnlySpan<byte> body, TextPool texts)
    {
        var seen = NetworkSetDecoder.ReadBody(body, texts);
        if (call.Method == HttpMethod.Delete && (seen is null ? DeletionAnswer.IsSuccess(body) : seen is { Deleting: false }))
            return new StoreResult { Outcome = StoreOutcome.Done };
        // What a proxy or a broken aggregated API server answers must not pass for the object.
        return seen?.Name == call.Name
            ? new StoreResult { Outcome = StoreOutcome.Done, Seen = seen }
            : Failure(StoreOutcome.Failed, $"{call.Describe(api)}: the answer is not that {CalicoApi.Kind}");
    }

    /// <summary>The result of a request that has failed.</summary>
    public static StoreResult From(ApiServerException failure, string name)
    {
        var outcome = (HttpStatusCode?)failure.Status switch
        {
            HttpStatusCode.Conflict => StoreOutcome.Conflict,
            HttpStatusCode.NotFound => IsAboutObject(failure, name) ? StoreOutcome.NotFound : StoreOutcome.ApiMissing,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => StoreOutcome.Forbidden,
            HttpStatusCode.UnprocessableEntity when IsPrecondition(failure) => StoreOutcome.Conflict,
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => StoreOutcome.Invalid,
            HttpStatusCode.TooManyRequests => StoreOutcome.Busy,
            _ => StoreOutcome.Failed,
        };
        return Failure(outcome, failure.Message) with { RetryAfter = failure.RetryAfter };
    }

    public static StoreResult Failure(StoreOutcome outcome, string error) => new()
    {
        Outcome = outcome,
        Error = error.Length <= RemoteText.MaxLength ? error : string.Concat(error.AsSpan(0, RemoteText.MaxLength - 3), "..."),
    };

    // A path that is not served answers "404 page not found", or a Status that names no object.
    private static bool IsAboutObject(ApiServerException failure, string name) =>
        failure.StatusReason == NotFoundReason && failure.ObjectName == name;

    // A patch applies its uid and resourceVersion first; that they changed what cannot be changed is how some servers see it.
    private static bool IsPrecondition(ApiServerException failure) =>
        failure.Fields.Count > 0 && failure.Fields.All(field => field is "metadata.uid" or "metadata.resourceVersion");
}
