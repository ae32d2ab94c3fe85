namespace KubePolicySemaphore.TestBench.Processes;

/// <summary>The signals tests send, by their numbers on Linux.</summary>
public enum PosixSignalNumber
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,

    /// <summary>Goes on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Freezes the process: its connections stay open and silent.</summary>
    Stop = 19,
}
