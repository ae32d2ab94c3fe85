namespace KubePolicySemaphore.Simulator;

/// <summary>What a write was sent with, beside its body.</summary>
/// <param name="Manager">From <c>fieldManager</c>, else the first part of the user agent.</param>
internal sealed record WriteContext(ServedResource Resource, ApiTarget Target, string Manager, bool DryRun, DateTimeOffset Now)
{
    public ObjectTable Table => Resource.Table;

    public bool IsStatus => Target.Subresource == "status";

    public FieldManagerEntry Entry(string operation) =>
        new(Manager, operation, Resource.ApiVersion) { Time = ObjectEncoder.Format(Now) };

    public ApiError Invalid(string field, string why, string reason = "FieldValueInvalid") =>
        ApiError.Invalid(Target.Group, Resource.Type.Kind, Target.Name ?? "", field, why, reason);
}
