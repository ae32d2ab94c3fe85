namespace KubePolicySemaphore.Simulator;

/// <summary>A right that is asked for, by a request or by a SelfSubjectAccessReview.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete.</param>
/// <param name="Group">API group; empty for core.</param>
/// <param name="Resource">Plural name, such as <c>pods</c>.</param>
/// <param name="Namespace">Null for all namespaces, and for what has none.</param>
public sealed record AccessReview(string Verb, string Group, string Resource, string? Namespace);
