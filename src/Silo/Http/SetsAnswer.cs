using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Answer of <c>/api/v1/sets</c>; the sets of a cluster named in <paramref name="Unanswered"/> are missing.</summary>
internal sealed record SetsAnswer(IReadOnlyList<NetworkSetStatus> Sets, IReadOnlyList<string> Unanswered);
