using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>The answer to a write: the object, or a Status.</summary>
internal sealed record WriteResult(int StatusCode, StoredObject? Object, JsonObject? Status = null);
