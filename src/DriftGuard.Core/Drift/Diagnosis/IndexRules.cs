using System.Globalization;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using static DriftGuard.Core.Drift.Diagnosis.DriftPattern;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Causes that lie in the stored points: stamps first, since they are exact, then the vectors.</summary>
internal static class IndexRules
{
    /// <summary>From this share of mismatches on, the whole collection is of another make, and not a part of it.</summary>
    private const double Whole = .9;

    public static IEnumerable<Hypothesis> Of(DriftPattern pattern)
    {
        if (pattern.IndexPoints is not { } found || !pattern.Drifts(Detector.Index))
            yield break;
        if (found.BadVectors.Points > 0)
        {
            yield return new(
                DriftCause.BadVectors, Certainty.Certain, $"points of {found.Collection} hold vectors that no model gives (NaN, zero, or of another dimension)",
                $"write these documents again; the writer that made them must check what it sends. First ids: {Ids(found.BadVectors)}",
                [$"{found.BadVectors.Points} in the sample: {Ids(found.BadVectors)}"]);
        }

        if (Mismatches(pattern, found) is { } mismatch)
            yield return mismatch;
        if (found.Stamps is not { AnyStamped: true } stamps)
            yield break;
        if (stamps.TextEdited.Wrong > 0)
        {
            yield return new(
                DriftCause.TextEditedWithoutVector, Certainty.Certain,
                $"the text of {Of(stamps, stamps.TextEdited.Wrong)} was edited and its vector was not: these documents are found by what they said before",
                "load the edited documents again, or let writers go through DriftGuard",
                [$"the content hash in the stamp is not that of the text: {Ids(stamps.TextEdited)}", .. Since(stamps)]);
        }

        if (pattern.Drifts(Detector.Model))
            yield break; // Vectors that it does not give back say nothing of who wrote them.
        if (stamps.ForeignFingerprint.Wrong > 0 && found.Mismatches is not { IsSuspicious: true })
        {
            yield return new(
                DriftCause.IndexMixed, Certainty.Certain, $"{Of(stamps, stamps.ForeignFingerprint.Points)} are stamped with another fingerprint than the collection's",
                Again(pattern),
                [$"fingerprints: {Fingerprints(stamps)}", $"ids: {Ids(stamps.ForeignFingerprint)}"]);
        }

        if (stamps.Unstamped.Wrong + stamps.VectorReplaced.Wrong + stamps.Pending.Points > 0)
            yield return ForeignWrites(pattern, found, stamps);
    }

    /// <summary>The cause that a variant of the spec stands for.</summary>
    public static DriftCause CauseOf(VariantFit variant) => variant.Aspect switch
    {
        "pooling" => DriftCause.PoolingChanged,
        "prefix" => DriftCause.PrefixChanged,
        "normalisation" => DriftCause.NormalisationChanged,
        "truncation" => DriftCause.TruncationChanged,
        "lower-case" or "accents" => DriftCause.TextPreparationChanged,
        "batching" => DriftCause.PrecisionChanged,
        "model" => DriftCause.IndexOfAnotherModel,
        _ => DriftCause.SpecChanged,
    };

    private static Hypothesis? Mismatches(DriftPattern pattern, IndexFindings found)
    {
        if (found.Mismatches is not { IsSuspicious: true } share)
            return null;
        if ((pattern.Drifts(Detector.Model) && found.Block is null && !found.Groups.Any(g => g.AdjustedP <= .05)) || IsForeign(found, share.Share))
            return null; // The model moved away from its vectors, or a writer is at fault: that is said elsewhere.
        var evidence = Evidence(found).ToList();
        var made = found.Variants.FirstOrDefault(variant => variant.Explains);
        if (share.Share < Whole && found.Whole is null)
        {
            var by = made is null ? "by something else than its model" : made.Aspect == "model" ? $"by model {made.Name}" : $"in another way ({made.Explanation})";
            return new(
                DriftCause.IndexMixed, share.IsBeyondNegligible ? Certainty.Certain : Certainty.Possible,
                $"{Percent(share.Share)} of {found.Collection} (at least {Percent(share.Lower95)}) was embedded {by}: the index is mixed{Place(found)}",
                $"stop whatever wrote them; then {Again(pattern)}",
                evidence);
        }

        if (made is not null)
        {
            var cause = CauseOf(made);
            return new(
                cause, Certainty.Certain,
                cause == DriftCause.IndexOfAnotherModel
                    ? $"the vectors of {found.Collection} are those of model {made.Name}, not of the model that it is said to be of"
                    : $"the vectors of {found.Collection} were made in another way than the model spec says: {made.Explanation}",
                cause == DriftCause.IndexOfAnotherModel
                    ? $"declare the index under {made.Name}, or {Again(pattern)}"
                    : $"mend whichever is wrong: the writer, or the spec (and then roll it out); until then queries and documents are embedded differently",
                evidence);
        }

        return found.Space == SpaceRelation.Reoriented
            ? new(
                DriftCause.AxesReoriented, Certainty.Certain, $"the vectors of {found.Collection} are the model's with their axes {(found.Axes == AxisChange.PermutedOrMirrored ? "permuted or mirrored" : "rotated")}",
                "mend the export that made them, or re-embed the corpus", evidence)
            : new(
                DriftCause.IndexOfAnotherModel, Certainty.Likely, $"the vectors of {found.Collection} are not those of its model, nor of any other model or variant that was tried",
                $"find out what wrote them; 'driftguard doctor {pattern.Index}' tries every model there is. Then {Again(pattern)}", evidence);
    }

    /// <summary>What is worth knowing and harms nobody.</summary>
    public static IEnumerable<Hypothesis> Notes(DriftPattern pattern)
    {
        if (pattern.IndexPoints?.Stamps is { AnyStamped: true, Unstamped: { Points: > 0, Wrong: 0 } unstamped } stamps)
        {
            yield return new(
                DriftCause.ForeignWrites, Certainty.Possible, $"{Of(stamps, unstamped.Points)} were written by something else than DriftGuard; their vectors are those of their texts, so they are found",
                "nothing, or let that writer go through DriftGuard", [$"without a stamp: {Ids(unstamped)}"]);
        }
    }

    private static Hypothesis ForeignWrites(DriftPattern pattern, IndexFindings found, StampCensus stamps)
    {
        var evidence = new List<string>();
        if (stamps.Unstamped.Points > 0)
            evidence.Add($"without a stamp: {Of(stamps, stamps.Unstamped.Points)} ({Ids(stamps.Unstamped)}); {Checked(stamps.Unstamped)}");
        if (stamps.VectorReplaced.Points > 0)
            evidence.Add($"with a vector that is not the one that was stamped: {stamps.VectorReplaced.Points} ({Ids(stamps.VectorReplaced)}); {Checked(stamps.VectorReplaced)}");
        if (found.Mismatches is { IsSuspicious: true } share)
            evidence.Add($"{Percent(share.Share)} of all vectors are not the model's (at most {Percent(share.Upper95)})");
        if (stamps.Pending.Points > 0)
            evidence.Add($"with an update that was cut off: {stamps.Pending.Points} ({Ids(stamps.Pending)})");
        evidence.AddRange(Since(stamps));
        return new(
            DriftCause.ForeignWrites, Certainty.Certain, $"something else than DriftGuard writes into '{pattern.Index}'",
            "find the writer and let it write through DriftGuard, or load its documents again: their vectors are of nobody knows which model", evidence);
    }

    /// <summary>
    /// Whether a few points that something else wrote are all that is wrong: a job that re-embeds a corpus reaches more of them, or keeps their stamps
    /// and takes them one after the other.
    /// </summary>
    private static bool IsForeign(IndexFindings found, double share) =>
        share < .05 && found.Stamps is { AnyStamped: true, ForeignFingerprint.Wrong: 0 } stamps
        && (stamps.Unstamped.Wrong > stamps.VectorReplaced.Wrong || (found.Block is null && stamps.VectorReplaced.Wrong > 0));

    private static IEnumerable<string> Evidence(IndexFindings found)
    {
        var share = found.Mismatches!;
        yield return $"{share.Mismatches} of {share.Sample} sampled vectors are not given back by the model (share {Percent(share.Share)}, 95 % at least {Percent(share.Lower95)}, at most {Percent(share.Upper95)}), median distance {Number(found.MedianMismatch ?? 0)}";
        if (found.Block is { } block)
            yield return $"block: {block.Scan.InsideMismatches} of {block.Scan.Inside} from id {block.FirstId} to {block.LastId} (p {Number(block.Scan.P)})";
        foreach (var group in found.Groups.Where(g => g.AdjustedP <= .05).Take(3))
            yield return $"{group.Key} {group.Value}: {group.Mismatches} of {group.Size} (p {Number(group.AdjustedP)})";
        if (found.Variants.Count > 0)
            yield return $"closest: {found.Variants[0].Name}, {found.Variants[0].Reproduced} of {found.Variants[0].Compared} given back (median distance {Number(found.Variants[0].MedianDistance)})";
        if (found.Whole is { } whole)
            yield return $"it gives back the other points as well, {whole.Reproduced} of {whole.Compared}, and better than the model does (median distance {Number(whole.MedianDistance)})";
        if (found.Stamps is { Fingerprints.Count: > 0 } stamps)
            yield return $"stamped with other fingerprints: {Fingerprints(stamps)}";
        if (found.FirstBadWriter is { } at)
            yield return string.Create(CultureInfo.InvariantCulture, $"the writer of the oldest of them had started at {at:u}");
        if (found.Examples.Count > 0)
            yield return $"ids: {string.Join(", ", found.Examples)}";
    }

    private static string Place(IndexFindings found) =>
        found.Block is { } block ? $", from id {block.FirstId} to {block.LastId}"
        : found.Groups.FirstOrDefault(g => g.AdjustedP <= .05) is { } group ? $", where {group.Key} is {group.Value}"
        : "";

    private static string Of(StampCensus stamps, long points) =>
        $"{points} {(points == 1 ? "point" : "points")} of {stamps.Points}{(stamps.Whole ? "" : " sampled")}";

    /// <summary>How documents get vectors of the index' own model again.</summary>
    private static string Again(DriftPattern pattern) =>
        $"embed the documents again from their source: 'driftguard index load {pattern.Index} FILE' does so with the index' own model, 'driftguard rollout start {pattern.Index} --to NAME' with another one";

    private static string Checked(PointCount count) => $"of {count.Checked ?? 0} that were read again, {count.Wrong} have a vector that is not that of their text";

    private static string Ids(PointCount count) => string.Join(", ", count.Examples) + (count.Points > count.Examples.Count ? ", ..." : "");

    private static string Fingerprints(StampCensus stamps) =>
        string.Join(", ", stamps.Fingerprints.OrderByDescending(f => f.Value).Select(f => $"{f.Key[..Math.Min(8, f.Key.Length)]} ({f.Value})"));

    private static IEnumerable<string> Since(StampCensus stamps)
    {
        if (stamps.FirstBadWriter is { } at)
            yield return string.Create(CultureInfo.InvariantCulture, $"the writer of the oldest stamp that contradicts its point had started at {at:u}");
    }
}
