namespace KubePolicySemaphore.Simulator;

/// <summary>A request as the simulator saw it; matched by faults, counted and logged.</summary>
public sealed class SimulatedRequest
{
    /// <summary>Kubernetes' verb: get, list, watch, create, update, patch, delete; empty where no resource is named.</summary>
    public required string Verb { get; init; }

    /// <summary>Plural name of the resource, such as <c>pods</c>; empty where none is named.</summary>
    public required string Resource { get; init; }

    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>API version, such as <c>v1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Namespace in the path, if any.</summary>
    public string? Namespace { get; init; }

    /// <summary>Object name in the path, if any.</summary>
    public string? Name { get; init; }

    /// <summary>Subresource in the path, if any.</summary>
    public string? Subresource { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Path without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Query with the question mark, still encoded.</summary>
    public required string Query { get; init; }

    /// <summary>Page of a list, from 1; 0 for other verbs.</summary>
    public required int Page { get; init; }

    /// <summary>Media type of the body, if any.</summary>
    public string? ContentType { get; init; }

    /// <summary>When the request arrived.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Status answered; 0 while there is no answer yet.</summary>
    public int StatusCode { get; internal set; }

    /// <inheritdoc />
    public override string ToString() => $"{Method} {Path}{Query} -> {StatusCode}";
}
