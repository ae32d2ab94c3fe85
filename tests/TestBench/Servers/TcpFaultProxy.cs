using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>Passes on TCP connections, so TLS goes through untouched, until it is told to break or to stall them.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _flowing = Flowing();
    private volatile bool _cut;

    private TcpFaultProxy(IPAddress address, Uri target)
    {
        _target = new(IPAddress.Parse(target.Host), target.Port);
        _listener = new(address, 0);
        _listener.Start();
        Address = new Uri($"{target.Scheme}://{(IPEndPoint)_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>What clients connect to.</summary>
    public Uri Address { get; }

    /// <summary>Starts one before a server.</summary>
    /// <param name="target">Its host is an address.</param>
    /// <param name="address">Where to listen; on the loopback interface when <see langword="null"/>.</param>
    public static TcpFaultProxy Start(Uri target, IPAddress? address = null) => new(address ?? IPAddress.Loopback, target);

    /// <summary>Resets every connection, those that are open and those that come, until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys)
            Reset(socket);
    }

    /// <summary>Connections stay open, new ones are accepted, and not a byte is passed on until <see cref="Restore"/>.</summary>
    public void Pause() => _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What stalled goes on where it was.</summary>
    public void Restore()
    {
        _cut = false;
        _flowing.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            (_open[client], _open[server]) = (0, 0);
            // Whoever cut before the two were known must not have missed them.
            if (_cut)
                return;
            await server.ConnectAsync(_target, _stopping.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server is away: the client finds its connection reset.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
            Reset(client);
            Reset(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopping.Token) is var read and > 0)
            {
                await _flowing.Task.WaitAsync(_stopping.Token);
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Either end went away; so does the other.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.Close(timeout: 0);
        }
        catch (SocketException)
        {
            // It is closed already.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flowing.SetResult();
        return flowing;
    }
}
