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
                + "(without labels: --provisional), then resume"),
            { Provisional.Count: > 0 } => (GateVerdict.Pass, GateReason.ThresholdsProvisional,
                $"{Names(seen.Needed)} known for {seen.Model}; provisional: {Names(seen.Provisional)}, carried over without labels, to be learned from labelled pairs"),
            _ => (GateVerdict.Pass, GateReason.ThresholdsKnown, $"{Names(seen.Needed)} known for {seen.Model}"),
        };
        return new("thresholds", verdict, reason, message)
        {
            Threshold = "each name that the index has under the old model, under the new one too",
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["needed"] = seen.Needed.Count,
                ["missing"] = seen.Missing.Count,
                ["provisional"] = seen.Provisional.Count,
            },
        };
    }

    private static string Names(IReadOnlyList<string> names) => $"{(names.Count == 1 ? "threshold" : "thresholds")} {string.Join(", ", names.Select(name => $"'{name}'"))}";
}
