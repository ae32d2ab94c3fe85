namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>A user of an API server, known by a static token, with no rights but those of its groups.</summary>
public sealed record TestUser(string Name, string Token, params string[] Groups)
{
    /// <summary>May do everything.</summary>
    public static TestUser Admin { get; } = new("admin", NewToken(), "system:masters");

    /// <summary>Users for tests that grant rights of their own: <c>user-1</c> to <c>user-9</c>, without any at the start.</summary>
    public static IReadOnlyList<TestUser> Pool { get; } = [.. Enumerable.Range(1, 9).Select(i => Create($"user-{i}"))];

    public static TestUser Create(string name, params string[] groups) => new(name, NewToken(), groups);

    private static string NewToken() => $"kps-{Guid.NewGuid():N}";
}
