using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>-o</c>: how a command prints what it was told.</summary>
internal static class OutputFlag
{
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Json = "json";

    private static readonly string[] Words = [Table, Wide, Json];

    public static Flag Flag { get; } =
        new("o", string.Join('|', Words), "form of the output") { Default = Table, Words = Words, Check = FlagChecks.OneOf(Words) };
}
