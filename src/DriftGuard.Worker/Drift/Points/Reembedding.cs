using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Variants;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>A point whose text was embedded again.</summary>
/// <param name="Document">The point.</param>
/// <param name="Made">The vector of its text now; null where the model refuses the text.</param>
/// <param name="Distance">How far the stored vector lies off it; NaN where there is nothing to compare.</param>
internal sealed record ReembeddedPoint(SampledDocument Document, float[]? Made, double Distance)
{
    /// <summary>Whether it could be compared.</summary>
    public bool IsCompared => !double.IsNaN(Distance);
}

/// <summary>Embeds texts of points again and measures how far their stored vectors lie off.</summary>
internal static class Reembedding
{
    /// <summary>The least threshold where vectors are computed exactly: storage in half precision stays below it.</summary>
    private const double Floor = 1e-3;

    /// <summary>Texts that teach a provider's noise, which costs calls.</summary>
    private const int TextsForProviderNoise = 64;

    /// <summary>Embeds again. Points without text, or with a vector that no model gives, have no distance.</summary>
    public static async Task<IReadOnlyList<ReembeddedPoint>> RunAsync(
        ITextEmbedder model, IReadOnlyList<SampledDocument> documents, CancellationToken cancellation)
    {
        var usable = documents.Select((document, i) => (document, i)).Where(d => d.document.Text is not null && !d.document.HasBadVector(model.Spec.Dimensions)).ToList();
        var outcomes = await model.EmbedAsync([.. usable.Select(d => d.document.Text!)], InputKind.Document, cancellation);
        var points = documents.Select(document => new ReembeddedPoint(document, null, double.NaN)).ToArray();
        for (var i = 0; i < usable.Count; i++)
        {
            var (document, at) = usable[i];
            if (outcomes[i].Vector is { } made)
            {
                points[at] = new(document, made, StoredVectors.Distance(document.Vector, made, StoredVectors.LengthsMatter(model.Spec)));
            }
        }

        return points;
    }

    /// <summary>
    /// How far the same text's vectors lie apart when it is embedded with other texts, by length. A quantised graph scales by batch, and what
    /// others wrote was written in batches; a provider may do so too; other models give the same vector every time.
    /// </summary>
    public static async Task<SelfNoise> NoiseAsync(
        ITextEmbedder model, IReadOnlyList<ReembeddedPoint> points, EmbeddingMeter meter, int seed, CancellationToken cancellation)
    {
        var floor = model.IsDynamicallyQuantised ? ProbeBaseline.QuantisedFloor : Floor;
        var known = points.Where(point => point.Made is not null).ToArray();
        new Random(seed).Shuffle(known);
        if (model.Spec.Provider != ModelSpec.OnnxProvider)
        {
            known = known[..Math.Min(known.Length, TextsForProviderNoise)];
            return Learn(known, await model.EmbedAsync(TextsOf(known), InputKind.Document, cancellation), floor, model.Spec);
        }

        if (!model.IsDynamicallyQuantised || model.Directory is not { } directory || known.Length == 0)
        {
            return SelfNoise.Learn([], floor);
        }

        try
        {
            using var variants = VariantEmbedder.Open(directory, new() { Sessions = 1 });
            var batched = model.Spec with { Batching = Batching.Batched };
            return Learn(known, await meter.TimedAsync(known.Length, () => variants.EmbedAsync(batched, TextsOf(known), InputKind.Document, cancellation)), floor, model.Spec);
        }
        catch (ModelException)
        {
            return SelfNoise.Learn([], floor); // Its files are not what they should be, which is worse than any noise.
        }
    }

    private static SelfNoise Learn(ReembeddedPoint[] known, IReadOnlyList<EmbeddingOutcome> again, double floor, ModelSpec spec) => SelfNoise.Learn(
        [.. known.Select((point, i) => (Length: point.Document.Text!.Length, Noise: again[i].Vector is { } other ? StoredVectors.Distance(point.Made, other, StoredVectors.LengthsMatter(spec)) : double.NaN))
            .Where(measured => double.IsFinite(measured.Noise))],
        floor);

    private static string[] TextsOf(ReembeddedPoint[] points) => Array.ConvertAll(points, point => point.Document.Text!);
}
