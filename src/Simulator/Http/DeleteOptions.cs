using System.Globalization;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>The body of a DELETE.</summary>
internal sealed record DeleteOptions(string? Uid, string? ResourceVersion, long? GracePeriodSeconds)
{
    public static DeleteOptions From(JsonObject? body, string gracePeriodParameter) => new(
        (string?)body?["preconditions"]?["uid"],
        (string?)body?["preconditions"]?["resourceVersion"],
        (long?)body?["gracePeriodSeconds"]
            ?? (long.TryParse(gracePeriodParameter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null));

    public void CheckPreconditions(WriteContext context, StoredObject record)
    {
        if (Uid is not null && Uid != record.Uid)
        {
            throw ApiError.Conflict(
                context.Target,
                $"the UID in the precondition ({Uid}) does not match the UID in record ({record.Uid}). The object might have been deleted and then recreated");
        }

        if (ResourceVersion is not null && ResourceVersion != record.ResourceVersion.ToString(CultureInfo.InvariantCulture))
        {
            throw ApiError.Conflict(
                context.Target,
                $"the ResourceVersion in the precondition ({ResourceVersion}) does not match the ResourceVersion in record ({record.ResourceVersion}). The object might have been modified");
        }
    }
}
