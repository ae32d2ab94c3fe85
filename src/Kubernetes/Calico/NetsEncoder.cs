using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Writes nets in the order of their text, without duplicates and without a string for each.</summary>
internal static class NetsEncoder
{
    public static void Write(Utf8JsonWriter json, ImmutableArray<PodAddress> addresses)
    {
        var texts = ArrayPool<Text>.Shared.Rent(addresses.Length);
        try
        {
            var nets = texts.AsSpan(0, addresses.Length);
            for (var i = 0; i < nets.Length; i++)
                nets[i].Set(addresses[i]);
            nets.Sort(static (a, b) => a.CompareTo(b));
            for (var i = 0; i < nets.Length; i++)
            {
                if (i == 0 || !nets[i].Utf8.SequenceEqual(nets[i - 1].Utf8))
                    json.WriteStringValue(nets[i].Utf8);
            }
        }
        finally
        {
            ArrayPool<Text>.Shared.Return(texts);
        }
    }

    private struct Text
    {
        private Bytes _bytes;
        private int _length;

        [UnscopedRef]
        public readonly ReadOnlySpan<byte> Utf8 => ((ReadOnlySpan<byte>)_bytes)[.._length];

        public void Set(PodAddress address) => _length = address.FormatNet(_bytes);

        public readonly int CompareTo(in Text other) => Utf8.SequenceCompareTo(other.Utf8);
    }

    [InlineArray(PodAddress.MaxNetLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
