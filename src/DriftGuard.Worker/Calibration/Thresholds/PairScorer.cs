using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Scores of pairs under one model.</summary>
/// <param name="Scores">In the order of the pairs; null for one without a score.</param>
/// <param name="Failures">Why, for those.</param>
internal sealed record PairScores(IReadOnlyList<double?> Scores, IReadOnlyDictionary<int, string> Failures)
{
    private const int Named = 3;

    /// <summary>Counts of the pairs and what became of them.</summary>
    public PairCounts Count(int between) => new(Scores.Count, between, Failures.Count, [.. Failures.OrderBy(failure => failure.Key).Take(Named).Select(failure => failure.Value)]);
}

/// <summary>Embeds the texts of pairs, each once, and compares them as the index does, in double precision.</summary>
internal static class PairScorer
{
    private const int BatchSize = 256;
    private const int Excerpt = 40;

    /// <param name="model">The model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="kinds">As what their texts are embedded.</param>
    /// <param name="progress">Told of texts done, and of all there are.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<PairScores> ScoreAsync(
        ITextEmbedder model, IReadOnlyList<LabelledPair> pairs, PairKinds kinds, Action<long, long>? progress, CancellationToken cancellation)
    {
        var (firstKind, secondKind) = kinds.Inputs();
        var vectors = await EmbedAsync(
            model, [.. pairs.SelectMany(pair => new[] { (pair.First, firstKind), (pair.Second, secondKind) }).Distinct()], progress, cancellation);
        var (scores, failures) = (new double?[pairs.Count], new Dictionary<int, string>());
        for (var i = 0; i < pairs.Count; i++)
        {
            var (first, second) = (vectors[(pairs[i].First, firstKind)], vectors[(pairs[i].Second, secondKind)]);
            if ((first.Failure ?? second.Failure) is { } failure)
            {
                failures.Add(i, $"'{Short(first.Failure is null ? pairs[i].Second : pairs[i].First)}': {failure}");
            }
            else if (Similarity.Of(first.Vector, second.Vector, model.Spec.Distance) is var score && double.IsFinite(score))
            {
                scores[i] = score;
            }
            else
            {
                failures.Add(i, $"'{Short(pairs[i].First)}': its vectors have no finite similarity");
            }
        }

        return new(scores, failures);
    }

    private static async Task<Dictionary<(string Text, InputKind Kind), (float[]? Vector, string? Failure)>> EmbedAsync(
        ITextEmbedder model, IReadOnlyList<(string Text, InputKind Kind)> texts, Action<long, long>? progress, CancellationToken cancellation)
    {
        var made = new Dictionary<(string, InputKind), (float[]?, string?)>(texts.Count);
        foreach (var batch in texts.GroupBy(text => text.Kind).SelectMany(kind => kind.Chunk(BatchSize)))
        {
            var outcomes = await model.EmbedAsync([.. batch.Select(text => text.Text)], batch[0].Kind, cancellation);
            for (var i = 0; i < batch.Length; i++)
            {
                made.Add(batch[i], (outcomes[i].Vector, outcomes[i].Failure));
            }

            progress?.Invoke(made.Count, texts.Count);
        }

        return made;
    }

    private static string Short(string text) => text.Length <= Excerpt ? text : text[..Excerpt] + "...";
}
