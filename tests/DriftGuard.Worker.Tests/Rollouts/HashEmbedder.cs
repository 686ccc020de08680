using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>
/// A model that costs nothing: each word has a random direction of its own, a text points to the mean of its words. Texts that share
/// rare words are near each other under every seed, so two of them retrieve alike.
/// </summary>
internal sealed class HashEmbedder(string name, int dimensions, string provider = "test") : ITextEmbedder
{
    /// <summary>A word that no text may have.</summary>
    public const string Unembeddable = "unembeddable";

    /// <summary>Why it may not.</summary>
    public const string Refusal = "the model refuses this text";

    /// <summary>A word that makes a text longer than the token limit.</summary>
    public const string OverLong = "overlong";

    /// <summary>Tokens that a text takes that gets no vector.</summary>
    public int TokensOfRefused { get; init; }

    /// <summary>From now on queries get vectors that have nothing to do with their texts.</summary>
    public bool Bad { get; set; }

    /// <summary>Called before texts are embedded; null embeds at once.</summary>
    public Func<CancellationToken, Task>? Before { get; set; }

    /// <summary>Called with the texts before they are embedded; null does nothing.</summary>
    public Action<IReadOnlyList<string>>? Asked { get; set; }

    public ModelSpec Spec { get; } = new() { Name = name, Provider = provider, Model = name, Dimensions = dimensions, MaxTokens = 100 };

    public Fingerprint Fingerprint => Fingerprint.Of(Spec);

    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        if (Before is { } before)
        {
            await before(cancellation);
        }

        Asked?.Invoke(texts);
        return [.. texts.Select(text => Embed(Bad && kind == InputKind.Query ? "worn " + text.Length : text))];
    }

    /// <summary>The vector of a text.</summary>
    public float[] VectorOf(string text)
    {
        var sum = new float[dimensions];
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name + word))));
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += random.NextSingle() - .5f;
            }
        }

        TensorPrimitives.Divide(sum, TensorPrimitives.Norm(sum), sum);
        return sum;
    }

    private EmbeddingOutcome Embed(string text) =>
        string.IsNullOrWhiteSpace(text) ? EmbeddingOutcome.Failed(EmbeddingFailures.EmptyText)
        : text.Contains(Unembeddable, StringComparison.Ordinal) ? EmbeddingOutcome.Failed(Refusal, TokensOfRefused)
        : EmbeddingOutcome.Embedded(VectorOf(text), tokens: text.Length, truncated: text.Contains(OverLong, StringComparison.Ordinal));
}
