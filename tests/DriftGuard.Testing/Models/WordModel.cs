using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace DriftGuard.Testing.Models;

/// <summary>
/// A model that costs nothing: each word has a random direction of its own, a text points to the mean of its words. Texts that share
/// rare words are near each other under every name, so two of them retrieve alike. The same in every process.
/// </summary>
/// <param name="name">Decides the directions.</param>
/// <param name="dimensions">Length of the vectors.</param>
public sealed class WordModel(string name, int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly ConcurrentDictionary<string, float[]> directions = new(StringComparer.Ordinal);

    /// <summary>Length of the vectors.</summary>
    public int Dimensions => dimensions;

    /// <summary>The vector of a text, of length 1.</summary>
    public float[] VectorOf(string text)
    {
        var sum = new float[dimensions];
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            TensorPrimitives.Add(sum, directions.GetOrAdd(word, DirectionOf), sum);
        TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        return sum;
    }

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(VectorOf(text)))));

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private float[] DirectionOf(string word)
    {
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name + word))));
        var direction = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            direction[i] = random.NextSingle() - .5f;
        return direction;
    }
}
