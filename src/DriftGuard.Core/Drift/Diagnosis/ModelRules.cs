using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using static DriftGuard.Core.Drift.Diagnosis.DriftPattern;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Causes that lie in the model: what its digests say first, then what the probes look like.</summary>
internal static class ModelRules
{
    /// <summary>Members of the spec by the cause that a change of them is, the ones that move vectors the most first.</summary>
    private static readonly (string Field, DriftCause Cause)[] Fields =
    [
        ("pooling", DriftCause.PoolingChanged), ("output", DriftCause.PoolingChanged),
        ("document_prefix", DriftCause.PrefixChanged), ("query_prefix", DriftCause.PrefixChanged),
        ("document_input_type", DriftCause.PrefixChanged), ("query_input_type", DriftCause.PrefixChanged),
        ("max_tokens", DriftCause.TruncationChanged), ("over_long", DriftCause.TruncationChanged),
        ("tokenizer", DriftCause.TextPreparationChanged), ("normalisation", DriftCause.NormalisationChanged),
        ("embedding_type", DriftCause.PrecisionChanged), ("batching", DriftCause.PrecisionChanged),
    ];

    public static IEnumerable<Hypothesis> Of(DriftPattern pattern)
    {
        if (pattern.Model is not { } model || pattern.Of(Detector.Model) is not { } result)
            return [];
        if (model.Files.Any(file => file.Found is null) || (result.Verdict == DriftVerdict.Failed && model.Found is null))
            return [Missing(pattern, model, result)];
        if (!result.Verdict.IsDrift())
            return [];
        if (model.Files.Count > 0)
            return [FileChanged(pattern, model)];
        if (model.Spec.Count > 0)
            return [SpecChanged(pattern, model)];
        return result.Reason == DriftReason.IdentityChanged || (model.EnrolledIdentity is { } before && model.FoundIdentity is { } now && before != now)
            ? [Identity(pattern, model, result)]
            : [ByProbes(pattern, model)];
    }

    private static Hypothesis Missing(DriftPattern pattern, ModelFindings model, DetectorResult result) => new(
        DriftCause.ModelMissing, Certainty.Certain, $"model {model.Model} of '{pattern.Index}' cannot be opened any more",
        $"bring model.yaml and its files back as they were; 'driftguard models pull {model.Model}' does that for a model of the lock file or the catalogue", [result.Sentence, .. model.Files.Select(Describe)]);

    private static Hypothesis FileChanged(DriftPattern pattern, ModelFindings model)
    {
        var evidence = model.Files.Select(Describe).Concat(Probes(model)).ToList();
        if (model is { EnrolledQuantised: { } then, FoundQuantised: { } now } && then != now)
        {
            evidence.Insert(0, $"the graph that was fingerprinted {(then ? "quantises its activations" : "computes in floating point")}, the one found {(now ? "quantises them (DynamicQuantizeLinear)" : "does not")}");
            return new(
                DriftCause.PrecisionChanged, Certainty.Certain,
                $"the graph of model {model.Model} was exchanged for one of another precision ({(now ? "float32 became int8" : "int8 became float32")})",
                BackOrRollOut(pattern, model), evidence);
        }

        return model.Probes is { Space: SpaceRelation.Reoriented } probes
            ? Reoriented(pattern, model, probes, evidence, Certainty.Certain)
            : new(
                DriftCause.ModelFileChanged, Certainty.Certain,
                $"{string.Join(" and ", model.Files.Select(f => $"file '{f.Role}'"))} of model {model.Model} {(model.Files.Count == 1 ? "is" : "are")} not what was fingerprinted",
                BackOrRollOut(pattern, model), evidence);
    }

    private static Hypothesis SpecChanged(DriftPattern pattern, ModelFindings model)
    {
        var cause = Fields.Where(field => model.Spec.Any(d => d.Field.StartsWith(field.Field, StringComparison.Ordinal)))
            .Select(field => (DriftCause?)field.Cause).FirstOrDefault() ?? DriftCause.SpecChanged;
        return new(
            cause, Certainty.Certain,
            $"the spec of model {model.Model} was changed under '{pattern.Index}': {string.Join(", ", model.Spec.Select(d => $"{d.Field} was {d.Enrolled}, is {d.Found}"))}",
            $"set model.yaml back, or give the changed spec a name of its own and roll it out; the index holds vectors of {model.Enrolled[..8]}",
            [.. model.Spec.Select(d => $"{d.Field}: {d.Enrolled} -> {d.Found}"), .. Probes(model)]);
    }

    private static Hypothesis Identity(DriftPattern pattern, ModelFindings model, DetectorResult result) => new(
        DriftCause.ProviderChangedModel, Certainty.Certain,
        $"the provider of model {model.Model} answers as {model.FoundIdentity ?? "another model"}; the index was made with {model.EnrolledIdentity ?? "another one"}",
        ProviderAction(pattern, model), [result.Sentence, .. Probes(model)]);

    /// <summary>No digest tells: what moved, and how far, is all there is to go by.</summary>
    private static Hypothesis ByProbes(DriftPattern pattern, ModelFindings model)
    {
        var evidence = Probes(model).ToList();
        if (model.Probes is not { } probes)
            return new(DriftCause.Unexplained, Certainty.Possible, $"model {model.Model} is not what was fingerprinted", BackOrRollOut(pattern, model), evidence);
        if (model.Variants.FirstOrDefault(variant => variant.Explains) is { } variant)
        {
            evidence.Insert(0, $"{variant.Name} gives back {variant.Reproduced} of {variant.Compared} stored probes (median distance {Number(variant.MedianDistance)})");
            return new(IndexRules.CauseOf(variant), Certainty.Certain, $"model {model.Model} now embeds in another way: {variant.Explanation}", BackOrRollOut(pattern, model), evidence);
        }

        if (probes.Space == SpaceRelation.Reoriented)
            return Reoriented(pattern, model, probes, evidence, Certainty.Certain);
        if (probes.Beyond.Count < 2 && probes.NormsBeyond.Count > 0)
        {
            return new(
                DriftCause.NormalisationChanged, Certainty.Likely,
                $"vectors of model {model.Model} have kept their directions and changed their lengths (median {Number(probes.MedianNorm)})", ProviderAction(pattern, model), evidence);
        }

        var touched = model.Categories.Where(category => category.Beyond > 0).ToList();
        if (touched.Count > 0 && probes.MedianDistance < .001)
        {
            if (touched.All(category => category.Category == "long"))
                return new(DriftCause.TruncationChanged, Certainty.Likely, $"model {model.Model} cuts long texts off elsewhere: only long probes moved", ProviderAction(pattern, model), evidence);
            if (touched.All(category => category.Category is "case-accents" or "script" or "code"))
                return new(DriftCause.TextPreparationChanged, Certainty.Likely, $"model {model.Model} treats capitals or accents in another way: only such probes moved", ProviderAction(pattern, model), evidence);
        }

        if (probes is { MedianDistance: <= .02, MaxDistance: <= .08 })
            return new(DriftCause.PrecisionChanged, Certainty.Likely, $"model {model.Model} computes with another precision: all probes moved a little", ProviderAction(pattern, model), evidence);
        return probes.MedianDistance <= .1
            ? new(DriftCause.PrefixChanged, Certainty.Possible, $"all texts moved in one direction under model {model.Model}, as a prefix or kind of input does; new weights of one family do so too", ProviderAction(pattern, model), evidence)
            : new(DriftCause.ProviderChangedModel, Certainty.Likely, $"another model answers under the name {model.Model}", ProviderAction(pattern, model), evidence);
    }

    private static Hypothesis Reoriented(DriftPattern pattern, ModelFindings model, ProbeComparison probes, IReadOnlyList<string> evidence, Certainty certainty) => new(
        DriftCause.AxesReoriented, certainty,
        $"model {model.Model} gives the same space with its axes {(probes.AxisChange == AxisChange.PermutedOrMirrored ? "permuted or mirrored" : "rotated")}",
        $"{BackOrRollOut(pattern, model)}; the corpus must be embedded anew either way, or the export be mended",
        [$"the probes' similarities to each other changed by {Number(probes.SimilarityChangeRms)} (root mean square) only", .. evidence]);

    private static string BackOrRollOut(DriftPattern pattern, ModelFindings model) => model.Provider == "onnx"
        ? $"bring the fingerprinted files back ('driftguard models pull {model.Model}'), or give the new ones a name of their own and 'driftguard rollout start {pattern.Index} --to NAME'"
        : ProviderAction(pattern, model);

    private static string ProviderAction(DriftPattern pattern, ModelFindings model) =>
        $"stop writes through this model, pin a dated version at the provider if there is one, or describe what it serves now in a model folder of its own and 'driftguard rollout start {pattern.Index} --to NAME'; queries embedded by {model.Model} search the wrong space until then";

    private static string Describe(FileDifference file) =>
        $"{file.Role}: SHA-256 {file.Enrolled[..Math.Min(12, file.Enrolled.Length)]}... was fingerprinted, {(file.Found is null ? "there is no such file" : $"{file.Found[..Math.Min(12, file.Found.Length)]}... is there")}";

    private static IEnumerable<string> Probes(ModelFindings model)
    {
        if (model.Probes is not { } probes)
            yield break;
        yield return $"{probes.Beyond.Count} of {probes.Distances.Count} probes beyond their tolerance, median distance {Number(probes.MedianDistance)}, largest {Number(probes.MaxDistance)}";
        if (model.Categories.Where(c => c.Beyond > 0).Select(c => $"{c.Category} {c.Beyond}/{c.Probes}").ToList() is { Count: > 0 } categories)
            yield return $"by category: {string.Join(", ", categories)}";
        if (model.FreshProbes is { } fresh)
            yield return $"a fresh run: {fresh.Beyond.Count} beyond, median {Number(fresh.MedianDistance)}";
    }
}
