using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Simulator;

/// <summary>A request being handled.</summary>
internal sealed record Exchange(HttpContext Context, SimulatedRequest Request, ApiTarget? Target, CancellationToken CancellationToken);
