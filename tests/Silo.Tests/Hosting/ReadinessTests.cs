using KubePolicySemaphore.Silo.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Silo.Tests.Hosting;

public sealed class ReadinessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StatusBoard _board;
    private readonly Readiness _readiness;

    public ReadinessTests()
    {
        _board = new StatusBoard(_time);
        // Whether it is alive is told by the board alone.
        _readiness = new Readiness(_board, null!, null!, null!, null!);
    }

    [Fact]
    public void IsAlive_JoiningForMinutes_True()
    {
        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.True(_readiness.IsAlive);
    }

    [Fact]
    public void IsAlive_SupervisorStartsAfterMinutes_TrueUntilItHangs()
    {
        _time.Advance(TimeSpan.FromMinutes(4));
        _board.Beat();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_readiness.IsAlive);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_readiness.IsAlive);
    }
}
