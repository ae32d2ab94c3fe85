using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;

namespace KubePolicySemaphore.TestBench.Tests;

public sealed class PublishedProgramTests
{
    [Fact]
    public async Task Program_Published_IsAnExecutableThatStarts()
    {
        await using var program = await PublishedProgram.StartAsync("version");

        Assert.Equal(0, await program.WaitForExitAsync(Deadline.Default));
    }
}
