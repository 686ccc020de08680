using System.Globalization;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// Same points on both sides, same text and payload hashes, all stamped by the new model, but for what is written right now; nothing
/// parked beyond the share that is set. The final pass before the switch is exact.
/// </summary>
internal static class Complete
{
    /// <summary>What may still differ before the final passes, as a share of the corpus: writes go on, and those passes carry them over.</summary>
    private const double MostLeft = .01;

    /// <summary>So many may differ in a small corpus, where a few writers are soon more than that share: the passes under the fence take no longer for it.</summary>
    private const long FewPoints = 1_000;

    /// <summary>But never more than this share.</summary>
    private const double MostOfFew = .25;

    public static GateRow Judge(GateEvidence evidence)
    {
        var seen = evidence.Completeness;
        var parked = $"{seen.ParkedTexts} text(s) could not be embedded and stand parked: {string.Join("; ", seen.FirstParked)}"
            + (seen.ParkedTexts > seen.FirstParked.Count ? $"; and {seen.ParkedTexts - seen.FirstParked.Count} more" : "");
        var (verdict, reason, message) = seen switch
        {
            _ when seen.ParkedTexts > seen.MostParked => (GateVerdict.Fail, GateReason.TextsParked,
                $"{parked}. {(seen.ParkedShare > 0 ? $"At most {seen.MostParked} may (rollout.gate.parkedShare). " : "")}Mend or delete them, then resume"),
            { ChangesInLastPass: > 0 } when seen.ChangesInLastPass > Allowed(seen) => (GateVerdict.Fail, GateReason.StillChanging,
                $"the latest comparison still found {seen.ChangesInLastPass} difference(s) in {seen.BluePoints} points; let writes calm down, then resume"),
            _ when Math.Abs(seen.BluePoints - seen.GreenPoints - seen.ParkedTexts) > Allowed(seen) => (GateVerdict.Fail, GateReason.CountsDiffer,
                $"{seen.BluePoints} points in blue, {seen.GreenPoints} in green; resume to compare again"),
            _ => (GateVerdict.Pass, seen.ParkedTexts > 0 ? GateReason.CompleteButParked : GateReason.Complete,
                $"{seen.GreenPoints} of {seen.BluePoints} points, {seen.ChangesInLastPass} difference(s) in the latest comparison, "
                + (seen.ParkedTexts > 0 ? $"WARNING: {parked}; searches will not find them after the cutover" : "0 parked")
                + (seen.TruncatedTexts > 0 ? $"; {seen.TruncatedTexts} text(s) are longer than the new model's token limit, their end is not in their vector" : "")
                + (seen.Proof is { Proven: > 0 } proof ? $"; {proof.Text}" : "")),
        };
        return new("complete", verdict, reason, message)
        {
            Threshold = string.Create(CultureInfo.InvariantCulture, $"{(seen.MostParked > 0 ? $"at most {seen.MostParked}" : "0")} parked, at most {Allowed(seen):N0} of {seen.BluePoints} points still differ"),
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["blue_points"] = seen.BluePoints,
                ["green_points"] = seen.GreenPoints,
                ["changes_in_last_pass"] = seen.ChangesInLastPass,
                ["parked"] = seen.ParkedTexts,
                ["parked_allowed"] = seen.MostParked,
                ["truncated"] = seen.TruncatedTexts,
                ["partitions_proven"] = seen.Proof?.Clean ?? 0,
            },
        };
    }

    private static double Allowed(CompletenessEvidence seen) => Math.Max(MostLeft * seen.BluePoints, Math.Min(FewPoints, MostOfFew * seen.BluePoints));
}
