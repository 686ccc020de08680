using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Variants;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>A model that may have made vectors.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Its folder; null where there is none.</param>
/// <param name="Open">Opens it; what is returned is disposed of where it can be.</param>
internal sealed record Suspect(string Name, string? Directory, Func<ITextEmbedder> Open);

/// <summary>What a model as it is gives of the texts, and how far its vectors may lie off.</summary>
internal sealed record ModelTrial(Suspect Suspect, ModelSpec Spec, Fingerprint Fingerprint, SelfNoise Noise, CandidateFit? Fit);

/// <summary>Holds models, and plausible variants of their specs, against stored vectors.</summary>
internal sealed class ModelTrials(StateStore state, TimeProvider time)
{
    /// <summary>Texts that a variant is tried on first, and variants of a model that are looked at again with all of them.</summary>
    private const int FirstLook = 8, Again = 4;

    /// <summary>Embeds the texts with the model as it is.</summary>
    /// <param name="suspect">The model.</param>
    /// <param name="points">Points with a text and a usable vector.</param>
    /// <param name="dimensions">Length of the stored vectors; a model of another has no fit, but its variants may have.</param>
    /// <param name="lengthsMatter">Whether the collection compares lengths.</param>
    /// <param name="seed">Seed of the batches that teach noise.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ModelException">The model cannot be opened.</exception>
    public async Task<ModelTrial> TryAsync(Suspect suspect, IReadOnlyList<SampledDocument> points, int dimensions, bool lengthsMatter, int seed, CancellationToken cancellation)
    {
        var model = suspect.Open();
        using var own = model as OpenedModel;
        var outcomes = await model.EmbedAsync([.. points.Select(point => point.Text!)], InputKind.Document, cancellation);
        var made = points.Zip(outcomes, (point, outcome) => new ReembeddedPoint(point, outcome.Vector, double.NaN)).ToList();
        var noise = await Reembedding.NoiseAsync(model, made, new EmbeddingMeter(state, time, null), seed, cancellation);
        var fit = model.Spec.Dimensions == dimensions
            ? Fit(suspect.Name, model.Fingerprint, null, "the model as it is", "model", points, outcomes, noise, lengthsMatter)
            : null;
        return new(suspect, model.Spec, model.Fingerprint, noise, fit);
    }

    /// <summary>Variants of a model that may have made some of the points: tried on a few of those that nothing explains, the closest on all points.</summary>
    /// <param name="trial">The model.</param>
    /// <param name="points">All points.</param>
    /// <param name="unexplained">Positions of those that nothing explains.</param>
    /// <param name="lengthsMatter">Whether the collection compares lengths.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ModelException">The model cannot be opened.</exception>
    public static async Task<IReadOnlyList<CandidateFit>> VariantsAsync(
        ModelTrial trial, IReadOnlyList<SampledDocument> points, IReadOnlyList<int> unexplained, bool lengthsMatter, CancellationToken cancellation)
    {
        if (trial.Suspect.Directory is not { } directory || unexplained.Count == 0)
        {
            return [];
        }

        var few = OriginFinder.Spread(unexplained, FirstLook).Select(position => points[position]).ToList();
        using var variants = VariantEmbedder.Open(directory, new() { Sessions = 1 });
        var first = new List<(SpecVariant Variant, CandidateFit Fit)>();
        foreach (var variant in SpecVariants.Of(trial.Spec).Where(variant => IsPlausible(variant, few[0].Vector!.Length, lengthsMatter)))
        {
            if (await FitAsync(variants, variant, trial, few, lengthsMatter, cancellation) is { } fit)
            {
                first.Add((variant, fit));
            }
        }

        // A provider is asked for no more than the first look: each text costs.
        var again = new List<CandidateFit>();
        foreach (var (variant, _) in first.OrderByDescending(f => f.Fit.Reproduced).ThenBy(f => f.Fit.Median).Take(trial.Spec.Provider == ModelSpec.OnnxProvider ? Again : 1))
        {
            if (await FitAsync(variants, variant, trial, points, lengthsMatter, cancellation) is { } fit)
            {
                again.Add(fit);
            }
        }

        return again;
    }

    /// <summary>A variant for queries alone changes no document; batches are allowed for by the noise; lengths are not seen under cosine.</summary>
    private static bool IsPlausible(SpecVariant variant, int dimensions, bool lengthsMatter) =>
        variant.Spec.Dimensions == dimensions && variant.OnlyFor != InputKind.Query && variant.Aspect != SpecAspect.Batching
        && (lengthsMatter || variant.Aspect != SpecAspect.Normalisation);

    private static async Task<CandidateFit?> FitAsync(
        VariantEmbedder variants, SpecVariant variant, ModelTrial trial, IReadOnlyList<SampledDocument> points, bool lengthsMatter, CancellationToken cancellation)
    {
        try
        {
            var outcomes = await variants.EmbedAsync(variant.Spec, [.. points.Select(point => point.Text!)], InputKind.Document, cancellation);
            return Fit(trial.Suspect.Name, trial.Fingerprint, variant.Name, variant.Explanation, SpecWord.Of(variant.Aspect), points, outcomes, trial.Noise, lengthsMatter);
        }
        catch (ModelException)
        {
            return null; // The graph does not allow it: it cannot have made the vectors.
        }
    }

    private static CandidateFit Fit(
        string model, Fingerprint fingerprint, string? variant, string explanation, string aspect, IReadOnlyList<SampledDocument> points, IReadOnlyList<EmbeddingOutcome> outcomes, SelfNoise noise,
        bool lengthsMatter)
    {
        var distances = points.Select((point, i) => outcomes[i].Vector is { } made ? StoredVectors.Distance(point.Vector, made, lengthsMatter) : double.NaN).ToList();
        return new(model, fingerprint.Id, variant, explanation, aspect, distances, [.. distances.Select((distance, i) => distance <= noise.ThresholdOf(points[i].Text!.Length))]);
    }
}
