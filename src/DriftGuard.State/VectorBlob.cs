using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DriftGuard.State;

/// <summary>Vectors as the bytes that the state keeps: each component as a little-endian IEEE 754 single, one after the other, without a header.</summary>
public static class VectorBlob
{
    /// <summary>The bytes of a vector, or of several that stand one after the other.</summary>
    /// <param name="components">The components.</param>
    /// <returns>Four bytes a component.</returns>
    public static byte[] Write(ReadOnlySpan<float> components)
    {
        var bytes = new byte[components.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(components).CopyTo(bytes);
            return bytes;
        }

        for (var i = 0; i < components.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), components[i]);
        }

        return bytes;
    }

    /// <summary>The bytes of vectors of one length, one vector after the other.</summary>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public static byte[] Write(IReadOnlyList<float[]> vectors)
    {
        if (vectors.Count > 0 && vectors.Any(v => v.Length != vectors[0].Length))
        {
            throw new ArgumentException("the vectors differ in length", nameof(vectors));
        }

        return Write([.. vectors.SelectMany(v => v)]);
    }

    /// <summary>The components of bytes that <see cref="Write(ReadOnlySpan{float})"/> wrote.</summary>
    /// <exception cref="StateException">The bytes are no whole number of components.</exception>
    public static float[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new StateException($"stored vectors have {bytes.Length} bytes, which is no whole number of components");
        }

        var components = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < components.Length; i++)
        {
            components[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return components;
    }

    /// <summary>The vectors of bytes that <see cref="Write(IReadOnlyList{float[]})"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="dimensions">Components a vector, at least 1.</param>
    /// <exception cref="StateException">The bytes are no whole number of vectors.</exception>
    public static IReadOnlyList<float[]> Read(ReadOnlySpan<byte> bytes, int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        if (bytes.Length % (dimensions * sizeof(float)) != 0)
        {
            throw new StateException($"stored vectors have {bytes.Length} bytes, which is no whole number of vectors of {dimensions} components");
        }

        return [.. Read(bytes).Chunk(dimensions)];
    }
}
