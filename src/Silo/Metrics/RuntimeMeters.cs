using Prometheus;

namespace KubePolicySemaphore.Silo.Metrics;

/// <summary>Brings the meters of Orleans and of .NET to <c>/metrics</c>.</summary>
internal sealed class RuntimeMeters(CollectorRegistry registry) : IDisposable
{
    private readonly IDisposable _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
    {
        Registry = registry,
        MetricFactory = Prometheus.Metrics.WithCustomRegistry(registry),
        InstrumentFilterPredicate = instrument => instrument.Meter.Name is "Microsoft.Orleans" or "System.Runtime" or "KubePolicySemaphore.Clustering.Kubernetes",
    });

    public void Dispose() => _adapter.Dispose();
}
