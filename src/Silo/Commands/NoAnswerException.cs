namespace KubePolicySemaphore.Silo.Commands;

/// <summary>No silo answers: the program ends with 3.</summary>
internal sealed class NoAnswerException(string message) : Exception(message);
