using System.Globalization;
using System.Net;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>
/// A network of its own, with a cable to this process's network and, when asked for, one to a switch. Held by a process, so
/// it and its cables go when that ends, or this process does. Needs root.
/// </summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static int _count;

    private readonly ChildProcess _holder;

    private NetworkNamespace(ChildProcess holder) => _holder = holder;

    /// <summary>Why it cannot be had here; <see langword="null"/> where it can.</summary>
    public static string? Unavailable => !Environment.IsPrivilegedProcess ? "network namespaces need root"
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") ? "network namespaces need ip of iproute2"
        : null;

    /// <summary>A process that is in it.</summary>
    public int ProcessId => _holder.Id;

    /// <summary>This process's end of the cable.</summary>
    public IPAddress Outside { get; private set; } = IPAddress.None;

    /// <summary>The namespace's end of the cable.</summary>
    public IPAddress Inside { get; private set; } = IPAddress.None;

    /// <summary>The namespace's address at the switch.</summary>
    public IPAddress AtSwitch { get; private set; } = IPAddress.None;

    /// <summary>A namespace without a cable.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        var space = new NetworkNamespace(await ChildProcess.StartAsync(new ChildProcessOptions("unshare") { Arguments = ["--net", "sleep", "infinity"] }));
        var own = File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name;
        await Deadline.UntilAsync("the network namespace is there", () => Task.FromResult(
            File.ResolveLinkTarget(Text($"/proc/{space.ProcessId}/ns/net"), returnFinalTarget: false)?.Name != own));
        await space.IpAsync("link", "set", "lo", "up");
        return space;
    }

    /// <summary>A namespace that is a switch for others.</summary>
    public static async Task<NetworkNamespace> CreateSwitchAsync()
    {
        var space = await CreateAsync();
        await space.IpAsync("link", "add", "switch0", "type", "bridge");
        await space.IpAsync("link", "set", "switch0", "up");
        return space;
    }

    /// <summary>A namespace that reaches this process's network and, by another cable, all others at the switch.</summary>
    public static async Task<NetworkNamespace> CreateAtAsync(NetworkNamespace @switch)
    {
        var space = await CreateAsync();
        var number = Interlocked.Increment(ref _count);
        // Reserved for tests of networks, so nobody's.
        space.Outside = IPAddress.Parse(Text($"198.18.{number}.1"));
        space.Inside = IPAddress.Parse(Text($"198.18.{number}.2"));
        space.AtSwitch = IPAddress.Parse(Text($"198.19.0.{number}"));
        var outer = Text($"kps{Environment.ProcessId % 1_000_000}-{number}");
        await IpAsync(null, "link", "add", outer, "type", "veth", "peer", "name", "out0", "netns", Text($"{space.ProcessId}"));
        await IpAsync(null, "address", "add", $"{space.Outside}/30", "dev", outer);
        await IpAsync(null, "link", "set", outer, "up");
        await space.IpAsync("address", "add", $"{space.Inside}/30", "dev", "out0");
        await space.IpAsync("link", "set", "out0", "up");
        await @switch.IpAsync("link", "add", space.Port, "type", "veth", "peer", "name", "silo0", "netns", Text($"{space.ProcessId}"));
        await space.IpAsync("address", "add", $"{space.AtSwitch}/16", "dev", "silo0");
        await space.IpAsync("link", "set", "silo0", "up");
        await @switch.IpAsync("link", "set", space.Port, "up");
        await space.PlugInAsync(@switch);
        return space;
    }

    /// <summary>From now on nothing passes between it and the others at the switch; nobody is told.</summary>
    public Task UnplugAsync(NetworkNamespace @switch) => @switch.IpAsync("link", "set", Port, "nomaster");

    public Task PlugInAsync(NetworkNamespace @switch) => @switch.IpAsync("link", "set", Port, "master", "switch0");

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private string Port => Text($"port{ProcessId}");

    private Task IpAsync(params string[] arguments) => IpAsync(ProcessId, arguments);

    private static async Task IpAsync(int? networkOf, params string[] arguments)
    {
        await using var ip = await ChildProcess.RunAsync(new ChildProcessOptions("ip") { Arguments = arguments, NetworkOf = networkOf }, Limit);
        if (ip.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} ended with {ip.ExitCode}: {ip.Tail()}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
