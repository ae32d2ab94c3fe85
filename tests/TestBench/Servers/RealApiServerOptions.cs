namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>How one API server differs from the bench's usual one.</summary>
public sealed record RealApiServerOptions(string Name)
{
    /// <summary>Users beyond <see cref="TestUser.Admin"/> and <see cref="TestUser.Pool"/>; fixed at the start.</summary>
    public IReadOnlyList<TestUser> Users { get; init; } = [];

    /// <summary>Calico's APIs that are there from the start.</summary>
    public IReadOnlyList<CalicoApi> CalicoApis { get; init; } = [CalicoApi.Crd];

    /// <summary>Priority and fairness, which answers 429 to one user's excess; off by default.</summary>
    public bool PriorityAndFairness { get; init; }

    /// <summary>More reads than this at a time answer 429; watches do not count.</summary>
    public int MaxRequestsInflight { get; init; } = 400;

    /// <summary>More writes than this at a time answer 429.</summary>
    public int MaxMutatingRequestsInflight { get; init; } = 200;

    /// <summary>The server ends a watch after one to two times this; 30 minutes by default.</summary>
    public TimeSpan MinRequestTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Flags of kube-apiserver as they are; the last of two equal ones wins.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];
}
