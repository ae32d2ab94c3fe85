using KubePolicySemaphore.Grains.Fencing;

namespace KubePolicySemaphore.Grains.Tests.Fencing;

internal sealed class FakeMembershipCheck : IMembershipCheck
{
    public bool IsActive { get; set; } = true;

    public bool IsUnreachable { get; set; }

    public int Questions { get; private set; }

    public Task<bool> IsActiveAsync(CancellationToken cancellationToken)
    {
        Questions++;
        return IsUnreachable ? Task.FromException<bool>(new HttpRequestException("unreachable")) : Task.FromResult(IsActive);
    }
}
