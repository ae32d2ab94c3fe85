using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KubePolicySemaphore.TestBench;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class MetricsTests
{
    [RealApiServerFact]
    public async Task Meter_OfATable_TellsOperationsVersionAndSilos()
    {
        await using var cluster = await TestTable.CreateAsync();
        var factory = cluster.Services.GetRequiredService<IMeterFactory>();
        var counts = new ConcurrentDictionary<string, long>();
        var gauges = new ConcurrentDictionary<string, int>();
        using var listener = new MeterListener
        {
            // Other tests have meters of the same name.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "KubePolicySemaphore.Clustering.Kubernetes" && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counts.AddOrUpdate(Name(instrument, tags), value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => gauges[Name(instrument, tags)] = value);
        listener.Start();

        var entry = await cluster.InsertAsync(SiloStatus.Active);
        Assert.False(await cluster.Table.InsertRowAsync(entry, (await cluster.Table.ReadAllAsync()).Version.Next()));
        listener.RecordObservableInstruments();

        Assert.Equal(1, counts["orleans.kubernetes.membership.operations InsertRow Success"]);
        Assert.Equal(1, counts["orleans.kubernetes.membership.operations InsertRow LostRace"]);
        Assert.Equal(0, counts["orleans.kubernetes.membership.operations UpdateIAmAlive Failure"]);
        Assert.Equal(1, gauges["orleans.kubernetes.membership.version"]);
        Assert.Equal(1, gauges["orleans.kubernetes.membership.silos Active"]);
        Assert.Equal(0, gauges["orleans.kubernetes.membership.silos Dead"]);
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (_, value) in tags)
            name += $" {value}";
        return name;
    }
}
