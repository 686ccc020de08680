using DriftGuard.Core.Gate.Conditions;

namespace DriftGuard.Core.Gate;

/// <summary>What a condition of the gate answers.</summary>
public enum GateVerdict
{
    /// <summary>The condition holds.</summary>
    Pass,

    /// <summary>The condition does not hold.</summary>
    Fail,

    /// <summary>The evidence does not suffice; never counts as a pass.</summary>
    Inconclusive,
}

/// <summary>What follows from the gate as a whole.</summary>
public enum GateDecision
{
    /// <summary>Every condition passes.</summary>
    Passed,

    /// <summary>The candidate is worse: the rollout ends.</summary>
    Refused,

    /// <summary>A condition fails that can be mended; the rollout stands until it is.</summary>
    Blocked,

    /// <summary>Nothing fails, and something cannot be told.</summary>
    Inconclusive,
}

/// <summary>A row of the gate's report.</summary>
/// <param name="Condition">Name of the condition, as in the documentation.</param>
/// <param name="Verdict">What it answers.</param>
/// <param name="Reason">One of <see cref="GateReason"/>.</param>
/// <param name="Message">The same for people: figures, threshold, what is missing.</param>
public sealed record GateRow(string Condition, GateVerdict Verdict, string Reason, string Message)
{
    /// <summary>What the figures are held against, in words and numbers; empty in reports of before it was recorded.</summary>
    public string Threshold { get; init; } = "";

    /// <summary>The figures by name, the numbers of the threshold among them; each is finite.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>A failure here refuses the candidate for good; others can be mended.</summary>
    public bool Final { get; init; }

    /// <summary>What is open here is asked once all else passes, and keeps nothing from passing: a person's approval.</summary>
    public bool AskedLast { get; init; }
}

/// <summary>The gate's report: every condition in order.</summary>
/// <param name="Decision">What follows.</param>
/// <param name="Rows">One row a condition, in the gate's order.</param>
public sealed record GateReport(GateDecision Decision, IReadOnlyList<GateRow> Rows)
{
    /// <summary>The verdict in one sentence: what failed or is missing first, or that all passed.</summary>
    public string Sentence => Decision switch
    {
        GateDecision.Passed => $"all {Rows.Count(r => !r.AskedLast)} conditions of the gate pass",
        GateDecision.Refused => "refused: " + First(r => r is { Verdict: GateVerdict.Fail, Final: true }),
        GateDecision.Blocked => "blocked: " + First(r => r is { Verdict: GateVerdict.Fail, Final: false }),
        _ => "inconclusive: " + First(r => r is { Verdict: GateVerdict.Inconclusive, AskedLast: false }),
    };

    /// <summary>The report once a person approved the cutover.</summary>
    /// <param name="by">Who.</param>
    /// <param name="at">When.</param>
    public GateReport Approved(string by, DateTimeOffset at) =>
        this with { Rows = [.. Rows.Select(row => row.Reason == GateReason.ApprovalAwaited ? Approval.Given(row, by, at) : row)] };

    private string First(Func<GateRow, bool> which) => string.Join("; ", Rows.Where(which).Select(r => $"{r.Condition}: {r.Message}"));
}
