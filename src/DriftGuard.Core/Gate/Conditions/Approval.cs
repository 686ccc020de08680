namespace DriftGuard.Core.Gate.Conditions;

/// <summary>Whether a person still has to agree. It is asked once all else passes, so that an approval is of what was measured.</summary>
internal static class Approval
{
    public const string Name = "approval";

    public static GateRow Judge(GateEvidence evidence) => evidence.RequireApproval
        ? new(Name, GateVerdict.Inconclusive, GateReason.ApprovalAwaited, "a person approves the cutover once every other condition passes")
        {
            AskedLast = true,
            Threshold = "one approval, given after this evaluation",
        }
        : new(Name, GateVerdict.Pass, GateReason.ApprovalNotRequired, "a gate that passes is enough")
        {
            AskedLast = true,
            Threshold = "none required",
        };

    /// <summary>The row once somebody approved.</summary>
    public static GateRow Given(GateRow row, string by, DateTimeOffset at) =>
        row with { Verdict = GateVerdict.Pass, Reason = GateReason.Approved, Message = $"approved by {by} at {at:u}" };
}
