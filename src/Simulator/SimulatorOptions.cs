namespace KubePolicySemaphore.Simulator;

/// <summary>How a <see cref="SimulatedApiServer"/> behaves.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Port on 127.0.0.1.</summary>
    /// <value>0: any free one.</value>
    public int Port { get; init; }

    /// <summary>Serve HTTPS with a certificate of a CA made at start, see <see cref="SimulatedApiServer.CaPem"/>.</summary>
    /// <value>false.</value>
    public bool UseHttps { get; init; }

    /// <summary>Names and addresses in the HTTPS certificate.</summary>
    /// <value>127.0.0.1 and localhost.</value>
    public IReadOnlyList<string> CertificateHosts { get; init; } = ["127.0.0.1", "localhost"];

    /// <summary>How long the HTTPS certificate is valid, counted from the start; negative makes one that has expired.</summary>
    /// <value>One day.</value>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Bearer tokens that are let in; others get 401.</summary>
    /// <value>None: everybody is let in. Can be changed at run time by <see cref="SimulatedApiServer.AcceptTokens"/>.</value>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>The groups in which GlobalNetworkSets are served at first.</summary>
    /// <value><see cref="CalicoApis.CrdV1"/>.</value>
    public CalicoApis CalicoApis { get; init; } = CalicoApis.CrdV1;

    /// <summary>Further custom resources.</summary>
    /// <value>None.</value>
    public IReadOnlyList<SimulatedResource> CustomResources { get; init; } = [];

    /// <summary>Time between two bookmarks of a watch that asks for them.</summary>
    /// <value>One minute, as the real server.</value>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Changes kept per resource; a watch or continue token that needs older ones gets 410.</summary>
    /// <value>100,000.</value>
    public int HistoryLength { get; init; } = 100_000;

    /// <summary>Answer a watch from a forgotten resourceVersion with HTTP 410 rather than with 200 and an ERROR event.</summary>
    /// <value>false, as the real server with its watch cache.</value>
    public bool ExpiredWatchIsHttpError { get; init; }

    /// <summary>Serve streaming lists (<c>sendInitialEvents=true</c>); otherwise the parameter is ignored, as servers without it do.</summary>
    /// <value>false.</value>
    public bool StreamingLists { get; init; }

    /// <summary>Says which rights are missing: such requests get 403, access reviews <c>allowed: false</c>.</summary>
    /// <value>Null: all is allowed.</value>
    public Func<AccessReview, bool>? IsDenied { get; init; }

    /// <summary>Called for every request when it has been answered; a watch, when it ends.</summary>
    public Action<SimulatedRequest>? OnRequest { get; init; }

    /// <summary>Clock of timestamps, bookmarks and timeouts.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
