using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Variants;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Origins;

/// <summary>Finds out what made stored vectors: tries variants of a model's spec, and other models, and counts how many vectors each gives back.</summary>
internal sealed class OriginFinder(ModelFolders folders)
{
    /// <summary>Texts that a candidate is tried on first: most are off by far.</summary>
    private const int FirstLook = 8;

    /// <summary>Candidates that are looked at again with all texts.</summary>
    private const int Closest = 4;

    /// <summary>Texts that are embedded again by each candidate; a provider is asked for fewer, since each costs.</summary>
    private const int MostTexts = 48, MostTextsOfProvider = 8;

    /// <summary>Candidates that are reported.</summary>
    private const int Reported = 8;

    /// <summary>The aspect of a candidate that is another model.</summary>
    public const string AnotherModel = "model";

    /// <summary>How well one variant of a model's spec, by its name, gives back vectors; null where there is no such variant any more.</summary>
    public static async Task<VariantFit?> FitAsync(ITextEmbedder model, string variant, IReadOnlyList<StoredText> stored, EmbeddingMeter meter, CancellationToken cancellation)
    {
        if (model.Directory is not { } directory || SpecVariants.Of(model.Spec).FirstOrDefault(v => v.Name == variant) is not { } found)
        {
            return null;
        }

        try
        {
            using var variants = VariantEmbedder.Open(directory, new() { Sessions = 1 });
            var texts = Spread(stored, model.Spec.Provider == ModelSpec.OnnxProvider ? MostTexts : MostTextsOfProvider);
            var fits = await FitAllAsync([new(found.Name, Word(found.Aspect), found.Explanation, Embed(variants, found.Spec, meter))], model.Spec, texts, cancellation);
            return fits.Count > 0 ? fits[0] : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>How well variants of a model's spec give back vectors, the best first; nothing where the model lies on no disk.</summary>
    public static async Task<IReadOnlyList<VariantFit>> ReproduceAsync(ITextEmbedder model, IReadOnlyList<StoredText> stored, EmbeddingMeter meter, CancellationToken cancellation)
    {
        if (model.Directory is not { } directory || stored.Count == 0)
        {
            return [];
        }

        try
        {
            using var variants = VariantEmbedder.Open(directory, new() { Sessions = 1 });
            var asItIs = await FitAllAsync([new("as it is", "none", "the spec as it is", Embed(variants, variants.Spec, meter))], model.Spec, Spread(stored, FirstLook), cancellation);
            if (asItIs is not [{ Explains: false }])
            {
                return []; // It gives them back this time: whoever answers does not always answer the same, and no variant explains that.
            }

            var candidates = SpecVariants.Of(model.Spec).Where(variant => variant.OnlyFor is not { } kind || stored.Any(text => text.Kind == kind))
                .Select(variant => new Candidate(variant.Name, Word(variant.Aspect), variant.Explanation, Embed(variants, variant.Spec, meter)));
            return await TryAsync([.. candidates], model.Spec, stored, cancellation);
        }
        catch (ModelException)
        {
            return []; // The folder changed under the check; the model detector says so.
        }
    }

    /// <summary>How well other models of the same dimension give back vectors, the best first. Only models that run in the process are tried.</summary>
    public async Task<IReadOnlyList<VariantFit>> OtherModelsAsync(ITextEmbedder model, IReadOnlyList<StoredText> stored, CancellationToken cancellation)
    {
        var fits = new List<VariantFit>();
        foreach (var folder in folders.All().Where(f => f.Spec!.Provider == ModelSpec.OnnxProvider && f.Spec.Dimensions == model.Spec.Dimensions && f.Fingerprint != model.Fingerprint))
        {
            try
            {
                using var other = EmbeddingModel.Open(folder.Directory, new() { Sessions = 1 });
                var candidate = new Candidate(folder.Name, AnotherModel, $"model {folder.Name} made them", (texts, kind, stop) => other.EmbedAsync(texts, kind, stop));
                fits.AddRange(await TryAsync([candidate], other.Spec, stored, cancellation));
            }
            catch (ModelException)
            {
                // A model that cannot be opened made nothing here.
            }
        }

        return Best(fits);
    }

    /// <summary>Variants of the model first; other models where no variant explains the vectors. The best first.</summary>
    public async Task<IReadOnlyList<VariantFit>> ExplainAsync(ITextEmbedder model, IReadOnlyList<StoredText> stored, EmbeddingMeter meter, CancellationToken cancellation)
    {
        var variants = await ReproduceAsync(model, stored, meter, cancellation);
        return variants.Any(fit => fit.Explains) ? variants : Best([.. variants, .. await OtherModelsAsync(model, stored, cancellation)]);
    }

    private static async Task<IReadOnlyList<VariantFit>> TryAsync(
        IReadOnlyList<Candidate> candidates, ModelSpec spec, IReadOnlyList<StoredText> stored, CancellationToken cancellation)
    {
        var texts = Spread(stored, spec.Provider == ModelSpec.OnnxProvider ? MostTexts : MostTextsOfProvider);
        if (candidates.Count <= Closest || texts.Count <= FirstLook)
        {
            return Best(await FitAllAsync(candidates, spec, texts, cancellation));
        }

        var first = await FitAllAsync(candidates, spec, Spread(texts, FirstLook), cancellation);
        var close = first.OrderByDescending(fit => fit.Reproduced).ThenBy(fit => fit.MedianDistance).Take(Closest).Select(fit => fit.Name).ToHashSet(StringComparer.Ordinal);
        var again = await FitAllAsync([.. candidates.Where(candidate => close.Contains(candidate.Name))], spec, texts, cancellation);
        return Best([.. again, .. first.Where(fit => !close.Contains(fit.Name))]);
    }

    private static async Task<IReadOnlyList<VariantFit>> FitAllAsync(
        IReadOnlyList<Candidate> candidates, ModelSpec spec, IReadOnlyList<StoredText> texts, CancellationToken cancellation)
    {
        var fits = new List<VariantFit>();
        foreach (var candidate in candidates)
        {
            try
            {
                fits.Add(await FitAsync(candidate, spec, texts, cancellation));
            }
            catch (ModelException)
            {
                // The graph does not allow it: it cannot have made the vectors.
            }
            catch (Exception failure) when (failure is EmbeddingProviderException or DriftBudgetException)
            {
                break; // What was found stands without an explanation.
            }
        }

        return fits;
    }

    private static async Task<VariantFit> FitAsync(Candidate candidate, ModelSpec spec, IReadOnlyList<StoredText> texts, CancellationToken cancellation)
    {
        var distances = new List<double>(texts.Count);
        var reproduced = 0;
        foreach (var kind in texts.GroupBy(text => text.Kind))
        {
            var stored = kind.ToList();
            var made = await candidate.Embed([.. stored.Select(text => text.Text)], kind.Key, cancellation);
            var apart = StoredVectors.Distances(stored, made, StoredVectors.LengthsMatter(spec));
            reproduced += apart.Where((distance, i) => distance <= stored[i].Threshold).Count();
            distances.AddRange(apart.Select(distance => double.IsNaN(distance) ? 2 : distance));
        }

        distances.Sort();
        return new(candidate.Name, candidate.Aspect, candidate.Explanation, texts.Count, reproduced, distances[distances.Count / 2]);
    }

    private static IReadOnlyList<VariantFit> Best(IReadOnlyList<VariantFit> fits) =>
        [.. fits.OrderByDescending(fit => (double)fit.Reproduced / Math.Max(1, fit.Compared)).ThenByDescending(fit => fit.Compared).ThenBy(fit => fit.MedianDistance).Take(Reported)];

    /// <summary>Some of the texts, evenly taken, so that every part of the collection and every kind of probe has its say.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> texts, int most) =>
        texts.Count <= most ? texts : [.. Enumerable.Range(0, most).Select(i => texts[(int)((long)i * texts.Count / most)])];

    private static Func<IReadOnlyList<string>, InputKind, CancellationToken, ValueTask<IReadOnlyList<EmbeddingOutcome>>> Embed(VariantEmbedder variants, ModelSpec variant, EmbeddingMeter meter) =>
        async (texts, kind, cancellation) =>
        {
            await meter.TakeAsync(variant, texts.Count, cancellation);
            return await meter.TimedAsync(texts.Count, () => variants.EmbedAsync(variant, texts, kind, cancellation));
        };

    private static string Word(SpecAspect aspect) => SpecWord.Of(aspect);

    private sealed record Candidate(
        string Name, string Aspect, string Explanation, Func<IReadOnlyList<string>, InputKind, CancellationToken, ValueTask<IReadOnlyList<EmbeddingOutcome>>> Embed);
}
