namespace KubePolicySemaphore.Simulator;

/// <summary>An answer made up by a fault.</summary>
/// <param name="StatusCode">HTTP status.</param>
/// <param name="RetryAfter">Value of the Retry-After header, in whole seconds.</param>
/// <param name="Body">Body as it is sent; null makes a Kubernetes Status of the code.</param>
/// <param name="ContentType">Media type of the body.</param>
public sealed record FaultAnswer(
    int StatusCode, TimeSpan? RetryAfter = null, ReadOnlyMemory<byte>? Body = null, string ContentType = "application/json");
