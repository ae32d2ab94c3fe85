using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>One entry of <c>managedFields</c>.</summary>
/// <param name="Operation">Apply or Update.</param>
internal sealed record FieldManagerEntry(string Manager, string Operation, string ApiVersion)
{
    public FieldSet Fields { get; private init; } = new();

    public required string Time { get; set; }

    public static FieldManagerEntry FromJson(JsonObject entry) =>
        new((string)entry["manager"]!, (string)entry["operation"]!, (string)entry["apiVersion"]!)
        {
            Time = (string)entry["time"]!,
            Fields = FieldSet.FromJson(entry["fieldsV1"] as JsonObject ?? []),
        };

    public bool IsSameManager(FieldManagerEntry other) =>
        Manager == other.Manager && Operation == other.Operation && ApiVersion == other.ApiVersion;

    public string ConflictName(FieldManagerEntry applier) =>
        Operation == "Apply" && ApiVersion == applier.ApiVersion ? $"\"{Manager}\"" : $"\"{Manager}\" using {ApiVersion}";

    public JsonObject ToJson() => new()
    {
        ["apiVersion"] = ApiVersion,
        ["fieldsType"] = "FieldsV1",
        ["fieldsV1"] = Fields.ToJson(),
        ["manager"] = Manager,
        ["operation"] = Operation,
        ["time"] = Time,
    };
}
