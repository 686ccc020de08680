using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MathNet.Numerics.Distributions;

namespace DriftGuard.Testing.Models;

/// <summary>Vectors as providers send them.</summary>
internal static class ProviderVectors
{
    /// <summary>The first components, at length 1 again; the whole where nothing is to be cut off.</summary>
    public static float[] Shorten(float[] vector, int? dimensions)
    {
        if (dimensions is not { } kept || kept >= vector.Length)
            return vector;
        var shortened = vector[..kept];
        TensorPrimitives.Divide(shortened, TensorPrimitives.Norm<float>(shortened), shortened);
        return shortened;
    }

    /// <summary>The bytes of 32-bit floats, little-endian as on every machine that this runs on.</summary>
    public static JsonNode Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector));

    /// <summary>Decimal numbers.</summary>
    public static JsonNode Numbers(float[] vector) => new JsonArray([.. vector.Select(x => (JsonNode)x)]);
}

/// <summary>Gaussian noise on vectors. Thread-safe.</summary>
/// <param name="sd">Standard deviation a dimension; 0 for none.</param>
/// <param name="seed">The seed.</param>
internal sealed class VectorNoise(double sd, int seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public static VectorNoise None { get; } = new(0, 0);

    public float[] AddTo(ReadOnlySpan<float> vector)
    {
        var noisy = vector.ToArray();
        if (sd <= 0)
            return noisy;
        lock (_lock)
        {
            for (var i = 0; i < noisy.Length; i++)
                noisy[i] += (float)Normal.Sample(_random, 0, sd);
        }

        return noisy;
    }
}
