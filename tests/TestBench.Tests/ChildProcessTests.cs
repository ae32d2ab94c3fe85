using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;

namespace KubePolicySemaphore.TestBench.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Output_LineWaitedFor_IsFoundBeforeAndAfterItCame()
    {
        await using var child = await ShellAsync("echo first; read -r line; echo second", input: "go\n");

        Assert.Equal("second", await child.Output.WaitForAsync("second", Deadline.Default));
        Assert.Equal("first", await child.Output.WaitForAsync("first", Deadline.Default));
        Assert.Equal(0, await child.WaitForExitAsync(Deadline.Default));
    }

    [Fact]
    public async Task Output_EndedWithoutTheLine_FailsAtOnce()
    {
        await using var child = await ShellAsync("echo other; echo wrong >&2; exit 3");

        var failure = await Assert.ThrowsAsync<EndOfStreamException>(() => child.Output.WaitForAsync("never", Deadline.Default));

        Assert.Contains("other", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, await child.WaitForExitAsync(Deadline.Default));
        Assert.Equal(["wrong"], child.Error.Snapshot());
    }

    [Fact]
    public async Task Terminate_WithATrap_LetsTheProcessEndInOrder()
    {
        await using var child = await ShellAsync("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.1; done");
        await child.Output.WaitForAsync("ready", Deadline.Default);

        Assert.Equal(5, await child.TerminateAsync());
        Assert.Equal("bye", child.Output.Snapshot()[^1]);
    }

    [Fact]
    public async Task Kill_OfAStoppedProcess_EndsIt()
    {
        await using var child = await ShellAsync("echo ready; while :; do sleep 0.1; done");
        await child.Output.WaitForAsync("ready", Deadline.Default);
        child.Send(PosixSignalNumber.Stop);

        await child.KillAsync();

        Assert.Equal(128 + (int)PosixSignalNumber.Kill, child.ExitCode);
    }

    private static Task<ChildProcess> ShellAsync(string script, string? input = null) =>
        ChildProcess.StartAsync(new ChildProcessOptions("/bin/sh") { Arguments = ["-c", script], Input = input });
}
