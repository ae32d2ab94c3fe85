namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>A request about one object.</summary>
/// <param name="Verb">As a role names it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Name">Name of the object.</param>
internal sealed record StoreCall(string Verb, HttpMethod Method, string Name)
{
    /// <summary>True when it is sent to the collection, as a create is.</summary>
    public bool IsAtCollection { get; init; }

    /// <summary>With the question mark.</summary>
    public string? Query { get; init; }

    /// <summary>Makes the body.</summary>
    public Func<CalicoApi, RequestBody>? Body { get; init; }

    public HttpRequestMessage ToRequest(CalicoApi api)
    {
        var path = IsAtCollection ? api.Path : $"{api.Path}/{Uri.EscapeDataString(Name)}";
        return new HttpRequestMessage(Method, new Uri(path + Query, UriKind.Relative)) { Content = Body?.Invoke(api) };
    }

    /// <summary>For messages: verb, resource and object.</summary>
    public string Describe(CalicoApi? api) => $"{Verb} {api?.Resource ?? CalicoApi.Plural} {Name}";
}
