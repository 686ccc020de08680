using DriftGuard.Core.Gate.Conditions;

namespace DriftGuard.Core.Gate;

/// <summary>The ordered list of conditions that a rollout must meet before cutover.</summary>
public static class CutoverGate
{
    /// <summary>Evaluates every condition; none is left out because an earlier one fails.</summary>
    public static GateReport Evaluate(GateEvidence evidence)
    {
        List<GateRow> rows =
        [
            Complete.Judge(evidence),
            HealthyVectors.Judge(evidence),
            IndexReady.Judge(evidence),
            LabelsKnown.Judge(evidence),
            .. MetricMatchesOrBeats.Judge(evidence),
        ];
        GateRow?[] asConfigured = [NoSliceLeftBehind.Judge(evidence), Latency.Judge(evidence), Budget.Judge(evidence), Approval.Judge(evidence)];
        rows.AddRange(asConfigured.OfType<GateRow>());
        return new(Decide(rows), rows);
    }

    /// <summary>What can be mended is mended first: a refusal is only pronounced over a collection that is sound.</summary>
    private static GateDecision Decide(List<GateRow> rows) =>
        rows.Exists(r => r is { Verdict: GateVerdict.Fail, Final: false }) ? GateDecision.Blocked
        : rows.Exists(r => r.Verdict == GateVerdict.Fail) ? GateDecision.Refused
        : rows.Exists(r => r is { Verdict: GateVerdict.Inconclusive, AskedLast: false }) ? GateDecision.Inconclusive
        : GateDecision.Passed;
}
