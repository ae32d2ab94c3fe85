using System.Text;

namespace KubePolicySemaphore.Simulator;

/// <summary>A table under one group and version.</summary>
internal sealed record ServedResource(string Group, string Version, ObjectTable Table)
{
    public ResourceType Type => Table.Type;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Kind and apiVersion as the first members of an object.</summary>
    public byte[] TypeMeta => field ??= Encoding.UTF8.GetBytes($"\"kind\":\"{Type.Kind}\",\"apiVersion\":\"{ApiVersion}\",");

    /// <summary>Items of a list of a built-in type carry no type; those of a custom resource do.</summary>
    public ReadOnlySpan<byte> ItemTypeMeta => Type.IsPods ? [] : TypeMeta;
}
