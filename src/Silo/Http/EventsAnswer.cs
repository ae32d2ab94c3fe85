using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Answer of <c>/api/v1/events</c>, oldest first.</summary>
internal sealed record EventsAnswer(IReadOnlyList<ClusterEvent> Events);
