using System.Text.Json;

namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>What the API server made of a request, as far as the table can act on it.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Object">The object as it is now, with <see cref="ApiOutcome.Done"/>.</param>
/// <param name="Message">What the server said, otherwise.</param>
internal sealed record ApiAnswer(ApiOutcome Outcome, JsonElement Object, string? Message = null);
