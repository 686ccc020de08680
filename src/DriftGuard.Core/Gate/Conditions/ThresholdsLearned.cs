namespace DriftGuard.Core.Gate.Conditions;

/// <summary>
/// Every threshold that applications cut at is known for the new model too: the old number means nothing under it. Only judged where the
/// index has one. What is missing can be learned while the rollout stands.
/// </summary>
internal static class ThresholdsLearned
{
    public static GateRow? Judge(GateEvidence evidence)
    {
        if (evidence.Thresholds is not { Needed.Count: > 0 } seen)
        {
            return null;
        }

        var (verdict, reason, message) = seen switch
        {
            { Missing.Count: > 0 } => (GateVerdict.Fail, GateReason.ThresholdsMissing,
                $"applications cut at {Names(seen.Missing)}, and {(seen.Missing.Count == 1 ? "it is" : "they are")} not known for {seen.Model}, under which the old number means nothing. "
                + $"Learn {(seen.Missing.Count == 1 ? "it" : "each")}: driftguard calibration thresholds {seen.Index} --model {seen.Model} --name {seen.Missing[0]} "
                + "with the pairs and the method of the old one (--show tells them; without labels: --provisional), then resume"),
            { Stated.Count: > 0 } => (GateVerdict.Pass, GateReason.ThresholdsStated, Settled(seen)),
            { Provisional.Count: > 0 } => (GateVerdict.Pass, GateReason.ThresholdsProvisional, Settled(seen)),
            { Withdrawn.Count: > 0 } => (GateVerdict.Pass, GateReason.ThresholdsWithdrawn, Settled(seen)),
            _ => (GateVerdict.Pass, GateReason.ThresholdsKnown, Settled(seen)),
        };
        return new("thresholds", verdict, reason, message)
        {
            Threshold = "each name that the index has under the old model, under the new one too",
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["needed"] = seen.Needed.Count,
                ["missing"] = seen.Missing.Count,
                ["provisional"] = seen.Provisional.Count,
                ["stated"] = seen.Stated.Count,
                ["withdrawn"] = seen.Withdrawn.Count,
            },
        };
    }

    /// <summary>How each is settled. Whoever approves must see which of them rest on somebody's word.</summary>
    private static string Settled(ThresholdEvidence seen)
    {
        var parts = new List<string>();
        if (seen.Needed.Except(seen.Stated, StringComparer.Ordinal).Except(seen.Withdrawn, StringComparer.Ordinal).ToList() is { Count: > 0 } known)
            parts.Add($"{Names(known)} known for {seen.Model}");
        if (seen.Provisional.Count > 0)
            parts.Add($"provisional: {Names(seen.Provisional)}, carried over without labels, to be learned from labelled pairs");
        if (seen.Stated.Count > 0)
            parts.Add($"stated by hand: {Names(seen.Stated)}, nothing was learned for {seen.Model}");
        if (seen.Unchanged.Count > 0)
            parts.Add($"with the very number of the old model, which means nothing under {seen.Model}: {Names(seen.Unchanged)}");
        if (seen.Withdrawn.Count > 0)
            parts.Add($"withdrawn by hand: {Names(seen.Withdrawn)}, nothing was learned for {seen.Model}");
        return string.Join("; ", parts);
    }

    private static string Names(IReadOnlyList<string> names) => $"{(names.Count == 1 ? "threshold" : "thresholds")} {string.Join(", ", names.Select(name => $"'{name}'"))}";
}
