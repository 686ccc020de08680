using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace DriftGuard.Core.Points;

/// <summary>
/// A short sketch of a vector's direction: its dot products with 16 fixed rows of random signs (Achlioptas 2003), divided by
/// its length, as 16 half-precision floats in 43 characters of base64url. The root mean square difference of two sketches
/// estimates the Euclidean distance of the two unit vectors, with a relative standard error of about 18 %.
/// </summary>
/// <remarks>
/// The length is left out because a cosine collection stores unit vectors: a vector and its stored form have one sketch. The
/// rows never change: bit (j mod 64) of output j / 64 of SplitMix64 (Steele, Lea and Flood 2014) seeded with
/// <c>0x44726966744775 + row x 0x9E3779B97F4A7C15 x 2^20</c> is the sign of column j; 1 is plus. Sums of floats may differ in
/// the last digits between processors, so sketches are compared with a tolerance, never as texts.
/// </remarks>
public static class VectorSketch
{
    /// <summary>Covers rounding, storage as float16 and summation order, and none of the changes that matter.</summary>
    public const double DefaultTolerance = 0.02;

    private const int Projections = 16;
    private const ulong Seed = 0x44726966744775;
    private const ulong Step = 0x9E3779B97F4A7C15;
    private const int Size = Projections * 2;
    private const int TextLength = 43;

    private static readonly ConcurrentDictionary<int, float[]> RowsByDimension = new();

    /// <summary>The sketch of a vector. A zero vector has the sketch of all zeros.</summary>
    /// <exception cref="ArgumentException">The vector is empty or not finite.</exception>
    public static string Of(ReadOnlySpan<float> vector)
    {
        if (vector.IsEmpty)
            throw new ArgumentException("an empty vector has no sketch", nameof(vector));
        var length = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(length))
            throw new ArgumentException($"the vector has no finite length ({length}): it holds NaN, infinity or too large numbers", nameof(vector));

        var rows = RowsByDimension.GetOrAdd(vector.Length, MakeRows);
        Span<byte> bytes = stackalloc byte[Size];
        for (var i = 0; i < Projections; i++)
        {
            var dot = TensorPrimitives.Dot(vector, rows.AsSpan(i * vector.Length, vector.Length));
            BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)(length == 0 ? 0 : dot / length));
        }
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether two sketches can be of one vector: their distance is at most the tolerance. False if either is no sketch.</summary>
    public static bool Matches(string a, string b, double tolerance = DefaultTolerance) => Distance(a, b) <= tolerance;

    /// <summary>The estimated Euclidean distance of the two unit vectors, 0 to 2; NaN if either text is no sketch.</summary>
    public static double Distance(string a, string b)
    {
        Span<byte> left = stackalloc byte[Size];
        Span<byte> right = stackalloc byte[Size];
        if (!TryDecode(a, left) || !TryDecode(b, right))
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < Size; i += 2)
        {
            var difference = (double)BinaryPrimitives.ReadHalfLittleEndian(left[i..]) - (double)BinaryPrimitives.ReadHalfLittleEndian(right[i..]);
            sum += difference * difference;
        }
        return Math.Sqrt(sum / Projections);
    }

    private static bool TryDecode(string text, Span<byte> bytes) =>
        text.Length == TextLength && Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done && written == Size;

    private static float[] MakeRows(int dimensions)
    {
        var rows = new float[Projections * dimensions];
        for (var row = 0; row < Projections; row++)
        {
            var state = unchecked(Seed + ((ulong)row * Step << 20));
            var bits = 0UL;
            for (var column = 0; column < dimensions; column++)
            {
                if (column % 64 == 0)
                    bits = NextSplitMix64(ref state);
                rows[(row * dimensions) + column] = (bits >> (column % 64) & 1) == 1 ? 1f : -1f;
            }
        }
        return rows;
    }

    private static ulong NextSplitMix64(ref ulong state)
    {
        unchecked
        {
            var z = state += Step;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
