using System.Text;
using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>A name as it stands in the JSON, kept without making a text of it.</summary>
internal sealed class NameBytes
{
    private readonly byte[] _bytes = new byte[256];
    private int _length;

    public bool IsEmpty => _length == 0;

    public void Clear() => _length = 0;

    public void Set(ReadOnlySpan<byte> name)
    {
        _length = Math.Min(name.Length, _bytes.Length);
        name[.._length].CopyTo(_bytes);
    }

    /// <summary>Gives it to the open row; only for what is ASCII.</summary>
    public void MoveTo(PodBatch batch, PodText field)
    {
        var used = Encoding.Latin1.GetChars(_bytes.AsSpan(0, _length), batch.Reserve(_length));
        batch.Keep(field, _length, used);
    }

    public override string ToString() => Encoding.UTF8.GetString(_bytes.AsSpan(0, _length));
}
