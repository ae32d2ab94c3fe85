namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A net in the object of a set.</summary>
internal readonly record struct SetAddress(string Object, string Net)
{
    public override string ToString() => $"{Net} in {Object}";
}
