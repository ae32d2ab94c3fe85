namespace KubePolicySemaphore.Silo.Http;

/// <summary>A value of the query does not parse: 400 with this message.</summary>
internal sealed class BadQueryException(string message) : Exception(message);
