using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

/// <summary>An answer of an API server with the fields tests look at.</summary>
public sealed record Answer(int Status, JsonObject Json)
{
    public string Reason => (string?)Json["reason"] ?? "";

    public string ResourceVersion => (string)Json["metadata"]!["resourceVersion"]!;

    public string Uid => (string)Json["metadata"]!["uid"]!;

    public long Generation => (long)Json["metadata"]!["generation"]!;

    public string Continue => (string?)Json["metadata"]!["continue"] ?? "";

    public string[] Names => [.. Json["items"]!.AsArray().Select(item => (string)item!["metadata"]!["name"]!)];

    public string[] Nets => [.. Json["spec"]!["nets"]!.AsArray().Select(net => (string)net!)];

    public string? Label(string key) => (string?)Json["metadata"]!["labels"]?[key];
}
