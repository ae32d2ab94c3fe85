using KubePolicySemaphore.Grains.Fencing;

namespace KubePolicySemaphore.Grains.Tests.Fencing;

internal sealed class FakeMembershipCheck : IMembershipCheck
{
    public bool IsActive { get; set; } = true;

    public bool IsUnreachable { get; set; }

    public int Questions { get; private set; }

    /// <summary>Answers only when this is done.</summary>
    public Task Answer { get; set; } = Task.CompletedTask;

    public async Task<bool> IsActiveAsync(CancellationToken cancellationToken)
    {
        Questions++;
        await Answer;
        return IsUnreachable ? throw new HttpRequestException("unreachable") : IsActive;
    }
}
