using KubePolicySemaphore.Grains;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting.Tls;
using KubePolicySemaphore.Silo.Http;
using KubePolicySemaphore.Silo.Logging;
using KubePolicySemaphore.Silo.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Puts a silo together: Orleans, the grains, the configuration and the two HTTP listeners.</summary>
internal static class SiloHost
{
    // Below the 30 s that Kubernetes leaves after SIGTERM by default; the StatefulSet of deploy leaves more.
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    // Sets whose grains are awake. Its table is allocated in full, and a million, the default, is 23 MB whose pages are touched
    // all over by the first few thousand.
    private const int DirectoryCacheSize = 50_000;

    /// <param name="settings">From the flags.</param>
    /// <param name="configurationFlags">Where the configuration comes from.</param>
    /// <param name="configuration">The configuration, as first read.</param>
    /// <param name="addAdapters">Adds the ports of the grains: the store and the source of pods.</param>
    public static WebApplication Build(
        SiloSettings settings, ConfigurationFlags configurationFlags, SiloConfiguration configuration, Action<IServiceCollection> addAdapters)
    {
        // The empty builder: no settings files, environment variables or endpoints that nobody documented.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddSiloLog(settings.LogLevel, settings.LogFormat);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        builder.Services.TryAddSingleton(TimeProvider.System);
        // Orleans asks for the clocks of its parts by their names.
        builder.Services.AddSingleton<SteadyClock>()
            .AddKeyedSingleton<TimeProvider>(KeyedService.AnyKey, (services, _) => services.GetRequiredService<SteadyClock>());
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<FileGridConfiguration>(provider, configurationFlags, configuration));
        builder.Services.AddSingleton<IGridConfiguration>(provider => provider.GetRequiredService<FileGridConfiguration>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FileGridConfiguration>());
        addAdapters(builder.Services);
        var certificates = settings.SiloTlsFolder is { } folder ? SiloCertificates.Load(folder, TimeProvider.System) : null;
        builder.Services.AddSingleton(settings);
        builder.UseOrleans(silo => silo.UseSiloClustering(settings, configuration.Local).UseSiloTls(certificates)
            .Configure<GrainDirectoryOptions>(options => options.CacheSize = DirectoryCacheSize));
        builder.Services.AddGrains(settings.SiloName);
        builder.Services.AddSingleton<StatusBoard>().AddSingleton<ClockSkew>().AddSingleton<Readiness>().AddSingleton<SiloMetrics>().AddSingleton<RuntimeMeters>()
            .AddSingleton<GridReader>().AddSingleton<EventStream>().AddSingleton<AdminEndpoints>().AddSingleton<PublicEndpoints>();
        builder.Services.AddHostedService<MemoryRelease>();
        // Last in, first out: it stops calling before the silo goes.
        builder.Services.AddHostedService<Supervisor>();
        builder.Host.ConfigureContainer<IServiceCollection>((_, services) => StartServerFirst(services));

        var app = builder.Build();
        if (certificates is not null)
            certificates.Logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger<SiloCertificates>();
        // Every metric is there from the start, not from the first use of what counts it.
        app.Services.GetRequiredService<Grains.Telemetry.GridMetrics>();
        app.Services.GetRequiredService<SiloMetrics>();
        app.Services.GetRequiredService<RuntimeMeters>();
        var admin = app.Services.GetRequiredService<AdminEndpoints>().Create();
        var open = app.Services.GetRequiredService<PublicEndpoints>().Create();
        app.Run(context => context.IsAdmin() ? admin.HandleAsync(context) : open.HandleAsync(context));
        return app;
    }

    /// <summary>
    /// The builder has the HTTP server start after everything else. A silo that waits for the others, or for the local API server,
    /// is alive, not ready, and has metrics; and its ports are its own from the start.
    /// </summary>
    private static void StartServerFirst(IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IHostedService));
        services.Remove(server);
        services.Insert(services.IndexOf(services.First(service => service.ServiceType == typeof(IHostedService))), server);
    }

    private static void Listen(KestrelServerOptions kestrel, SiloSettings settings)
    {
        kestrel.AddServerHeader = false;
        // Nothing here is sent by a client but short requests without a body, and nobody needs many connections.
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.MaxConcurrentConnections = 256;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
        kestrel.Listen(settings.HttpAddress, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(settings.AdminAddress, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.MarkAsAdmin();
        });
    }
}
