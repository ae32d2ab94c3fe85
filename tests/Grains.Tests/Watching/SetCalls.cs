using System.Collections.Concurrent;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>Stands before every set's grain: notes what is called, and does with the next delta what the test says.</summary>
public sealed class SetCalls : IIncomingGrainCallFilter
{
    private Func<IIncomingGrainCallContext, Task>? _next;

    /// <summary>The calls that came, lost ones too, and how each ended: <c>Apply InSync</c>.</summary>
    public ConcurrentQueue<string> Log { get; } = [];

    /// <summary>The deltas that came.</summary>
    public ConcurrentQueue<MembershipDelta> Deltas { get; } = [];

    /// <summary>The grain takes the next delta, and its answer is lost.</summary>
    public void LoseNextReply() => _next = async context =>
    {
        await context.Invoke();
        throw new TimeoutException("the reply was lost");
    };

    /// <summary>The next delta does not come to the grain.</summary>
    public void LoseNextCall() => _next = _ => throw new TimeoutException("the call was lost");

    /// <summary>The next delta comes twice; the second answer is the one that is heard.</summary>
    public void DoubleNextCall() => _next = async context =>
    {
        await context.Invoke();
        await context.Invoke();
    };

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType != typeof(IGlobalNetworkSetGrain))
        {
            await context.Invoke();
            return;
        }

        var method = context.MethodName.Replace("Async", "", StringComparison.Ordinal);
        var fault = default(Func<IIncomingGrainCallContext, Task>);
        if (context.Request.GetArgument(0) is MembershipDelta delta)
        {
            Deltas.Enqueue(delta);
            fault = Interlocked.Exchange(ref _next, null);
        }

        try
        {
            await (fault?.Invoke(context) ?? context.Invoke());
            Log.Enqueue($"{method} {((FeedReply)context.Result!).Outcome}");
        }
        catch (Exception exception) when (Note(exception))
        {
            throw;
        }

        bool Note(Exception exception)
        {
            Log.Enqueue($"{method} {exception.GetType().Name}");
            return false;
        }
    }
}
