namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>
/// The one time that an address belonged to a set. A change of the remote cluster takes effect somewhere between its
/// request and the answer, so each end is a pair of times by the run's clock.
/// </summary>
/// <param name="Asked">When what brought it was sent: it may be seen from then on.</param>
internal sealed record Stay(SetAddress Address, TimeSpan Asked)
{
    /// <summary>When what took it away was sent: until then it must not be missing once it was there.</summary>
    public TimeSpan Leaving { get; set; } = TimeSpan.MaxValue;

    /// <summary>When what took it away was answered: from then on it should go.</summary>
    public TimeSpan Left { get; set; } = TimeSpan.MaxValue;

    /// <summary>The set it moved to, when that is how it left.</summary>
    public Stay? Next { get; set; }

    public bool Lasts => Left == TimeSpan.MaxValue;
}
