namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Something a source has to tell besides pods.</summary>
public abstract record PodSourceReport
{
    private PodSourceReport()
    {
    }

    /// <summary>The remote answered, or its stream showed that it is alive (an event or a bookmark).</summary>
    public sealed record Contact : PodSourceReport
    {
        /// <summary>The only instance: it comes with every batch.</summary>
        public static Contact Instance { get; } = new();
    }

    /// <summary>A list begins.</summary>
    public sealed record ListStarted : PodSourceReport;

    /// <summary>A list came in whole.</summary>
    public sealed record ListCompleted(int Pages, int Pods, TimeSpan Took) : PodSourceReport;

    /// <summary>A watch ended and starts again.</summary>
    public sealed record WatchRestarted(WatchRestartReason Reason) : PodSourceReport;

    /// <summary>A request failed; <paramref name="Error"/> is one line without secrets, the next try is in <paramref name="RetryIn"/>.</summary>
    public sealed record Failed(ClusterFailureReason Reason, string Error, TimeSpan RetryIn) : PodSourceReport;

    /// <summary>An object or a line could not be decoded and was left out; <paramref name="Error"/> names what is known of it.</summary>
    public sealed record Refused(string Error) : PodSourceReport;

    /// <summary>A risk that the user chose, or must know of, as a certificate that is not verified.</summary>
    public sealed record Warning(string Text) : PodSourceReport;
}
