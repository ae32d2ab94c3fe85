namespace KubePolicySemaphore.Simulator;

/// <summary>Ends the handling of a request whose response a fault has cut.</summary>
internal sealed class ResponseCutException : IOException;
