using Microsoft.Extensions.Primitives;

namespace KubePolicySemaphore.Grains.Configuration;

/// <summary>The configuration in force on this silo; a broken file never shows here.</summary>
public interface IGridConfiguration
{
    /// <summary>The last good snapshot.</summary>
    GridOptions Current { get; }

    /// <summary>Fires once when <see cref="Current"/> has been replaced.</summary>
    IChangeToken GetReloadToken();
}
