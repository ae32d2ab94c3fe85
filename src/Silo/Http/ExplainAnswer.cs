using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Answer of <c>/api/v1/explain</c>; found when a set holds the address or pod.</summary>
internal sealed record ExplainAnswer(string Query, bool Found, IReadOnlyList<Explanation> Matches, IReadOnlyList<string> Unanswered);
