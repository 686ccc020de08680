using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>
/// A <see cref="WordModel"/> as the worker sees its models, which refuses some texts and can be made bad.
/// </summary>
#pragma warning disable CA1001 // The words hold nothing that is to be given back.
internal sealed class HashEmbedder(string name, int dimensions, string provider = "test") : ITextEmbedder
#pragma warning restore CA1001
{
    private readonly WordModel words = new(name, dimensions);

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
    public float[] VectorOf(string text) => words.VectorOf(text);

    private EmbeddingOutcome Embed(string text) =>
        string.IsNullOrWhiteSpace(text) ? EmbeddingOutcome.Failed(EmbeddingFailures.EmptyText)
        : text.Contains(Unembeddable, StringComparison.Ordinal) ? EmbeddingOutcome.Failed(Refusal, TokensOfRefused)
        : EmbeddingOutcome.Embedded(VectorOf(text), tokens: text.Length, truncated: text.Contains(OverLong, StringComparison.Ordinal));
}
