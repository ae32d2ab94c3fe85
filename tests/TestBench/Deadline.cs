namespace KubePolicySemaphore.TestBench;

/// <summary>Waiting for conditions that nothing announces.</summary>
public static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Long enough for anything a healthy server does on a busy machine.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until the answer is there.</summary>
    /// <param name="what">What is waited for, for the failure's message.</param>
    /// <param name="ask">Answers <see langword="null"/> while the condition does not hold.</param>
    /// <exception cref="TimeoutException">The deadline (by default <see cref="Default"/>) passed.</exception>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? timeout = null, Func<string>? details = null)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        var limit = timeout ?? Default;
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            if (TimeProvider.System.GetElapsedTime(start) > limit)
                throw new TimeoutException($"not within {limit}: {what}. {details?.Invoke()}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <inheritdoc cref="ForAsync{T}"/>
    public static Task UntilAsync(string what, Func<Task<bool>> ask, TimeSpan? timeout = null, Func<string>? details = null) =>
        ForAsync(what, async () => await ask() ? what : null, timeout, details);
}
