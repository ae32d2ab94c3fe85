using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Collects faults under a path, so that all are told at once.</summary>
internal sealed class FaultSink
{
    private readonly List<ConfigurationFault> _faults;
    private readonly List<ConfigurationFault> _warnings;
    private readonly string _path;

    public FaultSink() : this([], [], "")
    {
    }

    private FaultSink(List<ConfigurationFault> faults, List<ConfigurationFault> warnings, string path)
    {
        _faults = faults;
        _warnings = warnings;
        _path = path;
    }

    public IReadOnlyList<ConfigurationFault> Faults => [.. _faults.OrderBy(fault => fault.Origin.Line)];

    public IReadOnlyList<ConfigurationFault> Warnings => [.. _warnings.OrderBy(fault => fault.Origin.Line)];

    /// <summary>The same sink, one step further down.</summary>
    public FaultSink At(string step) => new(_faults, _warnings, _path.Length == 0 ? step : $"{_path}: {step}");

    /// <summary>The same sink, at an item of this list.</summary>
    public FaultSink AtIndex(int index) => new(_faults, _warnings, $"{_path}[{index}]");

    public void Add(Origin origin, string message) => _faults.Add(new(origin, _path, message));

    public void Warn(Origin origin, string message) => _warnings.Add(new(origin, _path, message));
}
