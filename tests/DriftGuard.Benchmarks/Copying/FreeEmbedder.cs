using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>A model that costs nothing: unit vectors made beforehand, handed out in turn. What is left is the price of the copy itself.</summary>
internal sealed class FreeEmbedder : ITextEmbedder
{
    public const int Dimensions = 384;
    private const int Made = 4096;
    private readonly EmbeddingOutcome[] _outcomes = new EmbeddingOutcome[Made];
    private int _next;

    /// <param name="name">Decides the fingerprint.</param>
    /// <param name="seed">Decides the vectors.</param>
    public FreeEmbedder(string name, int seed)
    {
        Spec = new() { Name = name, Provider = "benchmark", Model = name, Dimensions = Dimensions, MaxTokens = 512 };
        Fingerprint = Fingerprint.Of(Spec);
        var random = new Random(seed);
        for (var i = 0; i < Made; i++)
        {
            _outcomes[i] = EmbeddingOutcome.Embedded(UnitVectors.Next(random, Dimensions), tokens: 24, truncated: false);
        }
    }

    public ModelSpec Spec { get; }

    public Fingerprint Fingerprint { get; }

    public ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        var first = Interlocked.Add(ref _next, texts.Count) - texts.Count;
        var outcomes = new EmbeddingOutcome[texts.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = _outcomes[(first + i) & (Made - 1)];
        }

        return new(outcomes);
    }
}
