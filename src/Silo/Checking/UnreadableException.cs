namespace KubePolicySemaphore.Silo.Checking;

/// <summary>A cluster could not be read.</summary>
internal sealed class UnreadableException(string message) : Exception(message);
