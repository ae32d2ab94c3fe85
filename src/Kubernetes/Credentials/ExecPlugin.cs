using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Runs a kubeconfig's exec plugin: no shell, bounded in time and output, none of which is ever shown.</summary>
internal sealed class ExecPlugin(TimeProvider time)
{
    private const int MaxOutputBytes = 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private (KubeconfigExec Plugin, ExecCredential Credential)? _cached;

    /// <summary>Lets the next <see cref="GetAsync"/> run the plugin again, as after a 401.</summary>
    public void Forget() => _cached = null;

    /// <summary>The credential, from before as long as it has not expired.</summary>
    /// <exception cref="ApiServerException">The plugin failed.</exception>
    public async Task<ExecCredential> GetAsync(KubeconfigExec plugin, CancellationToken cancellationToken)
    {
        if (_cached is { } cached && cached.Plugin == plugin && !(cached.Credential.Expires <= time.GetUtcNow()))
            return cached.Credential;
        var credential = await RunAsync(plugin, cancellationToken).ConfigureAwait(false);
        _cached = (plugin, credential);
        return credential;
    }

    private async Task<ExecCredential> RunAsync(KubeconfigExec plugin, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start(plugin);
        try
        {
            // Read, or the plugin could block on a full pipe; and thrown away, as it may hold secrets.
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, linked.Token);
            var output = await ReadAsync(process.StandardOutput.BaseStream, plugin, linked.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(linked.Token).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw Fault(plugin, string.Create(CultureInfo.InvariantCulture, $"ended with {process.ExitCode}"));
            return ExecCredential.Parse(output) ?? throw Fault(plugin, "printed no usable ExecCredential");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Fault(plugin, $"did not end within {Limit.TotalSeconds} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(KubeconfigExec plugin)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"apiVersion":"{{{plugin.ApiVersion}}}","kind":"ExecCredential","spec":{"interactive":false}}""";
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception exception)
        {
            throw Fault(plugin, $"could not be started: {RemoteText.Escape(exception.Message)}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream output, KubeconfigExec plugin, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxOutputBytes];
        var length = await output.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length < buffer.Length ? buffer.AsMemory(0, length) : throw Fault(plugin, "printed more than 1 MiB");
    }

    private static ApiServerException Fault(KubeconfigExec plugin, string what) =>
        new(ClusterFailureReason.Credentials, $"exec plugin {RemoteText.Escape(plugin.Command)} {what}");
}
