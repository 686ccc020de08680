using DriftGuard.Core.Drift.Findings;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Causes that lie in what the collection is and where the alias points.</summary>
internal static class SchemaRules
{
    public static IEnumerable<Hypothesis> Of(DriftPattern pattern)
    {
        if (pattern.Schema is not { } schema || !pattern.Drifts(Detector.Schema))
            yield break;
        var broken = schema.Differences.Where(difference => difference.Breaks).ToList();
        // A collection that is deleted takes its aliases with it.
        var place = broken.Where(d => d.Part == SchemaPart.Alias || (d.Part == SchemaPart.EpochToken && schema.Collection is not null)).ToList();
        if (place.Count > 0)
        {
            yield return new(
                DriftCause.AliasRepointed, Certainty.Certain,
                place[0].Found == "nothing" ? place[0].Message : $"alias '{pattern.Index}' was pointed by hand to {place[0].Found}; DriftGuard had it at {place[0].Declared}",
                $"point alias '{pattern.Index}' and its epoch token to one collection again, to {place[0].Declared} unless another one's content is current; then 'driftguard drift baseline {pattern.Index}'",
                [.. place.Select(d => d.Message)]);
        }

        var changed = broken.Where(d => d.Part is SchemaPart.Collection or SchemaPart.Dimension or SchemaPart.Distance or SchemaPart.Fingerprint).ToList();
        if (changed.Count > 0)
        {
            yield return new(
                DriftCause.CollectionChanged, Certainty.Certain,
                $"the collection behind '{pattern.Index}' is not what was declared: {changed[0].Message}",
                "restore the collection from a snapshot, or load the index again from its source; nothing that is written into it now can be trusted",
                [.. changed.Select(d => d.Message)]);
        }

        if (broken.FirstOrDefault(d => d.Part == SchemaPart.DeclaredModel) is { } declared)
        {
            yield return new(
                DriftCause.QuerySideUpgraded, Certainty.Possible,
                $"the configuration declares model {declared.Found} for '{pattern.Index}', its vectors are of {declared.Declared}: whoever follows the configuration searches with the wrong model",
                $"roll the new model out with 'driftguard rollout start {pattern.Index} --to {declared.Found}', or set the declaration back to {declared.Declared}",
                [declared.Message]);
        }

        if (place.Count + changed.Count == 0 && broken.Where(d => d.Part is SchemaPart.PayloadIndex or SchemaPart.Health).ToList() is { Count: > 0 } rest)
        {
            yield return new(
                DriftCause.CollectionChanged, Certainty.Certain, $"the collection behind '{pattern.Index}' is not as it was: {rest[0].Message}",
                "make what is missing again; searches that filter by it are slow or refused meanwhile", [.. rest.Select(d => d.Message)]);
        }
    }
}
