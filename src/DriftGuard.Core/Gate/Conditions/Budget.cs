namespace DriftGuard.Core.Gate.Conditions;

/// <summary>What the rollout has taken lies within the budget; only judged where one is configured.</summary>
internal static class Budget
{
    public static GateRow? Judge(GateEvidence evidence)
    {
        if (evidence.Budget is not { } seen)
        {
            return null;
        }

        var excesses = seen.Budget.Exceeded(seen.Taken);
        var taken = string.Join(", ", seen.Taken.Figures.Select(figure => figure.Text));
        return excesses.Count > 0
            ? Row(GateVerdict.Fail, GateReason.OverBudget, $"{string.Join("; ", excesses.Select(excess => excess.Text))}. Raise rollout.budget and resume, or abort")
            : Row(GateVerdict.Pass, GateReason.WithinBudget, taken);

        GateRow Row(GateVerdict verdict, string reason, string message) => new("budget", verdict, reason, message)
        {
            Threshold = seen.Budget.Text,
            Figures = seen.Taken.Figures.Where(figure => figure.Value is not null).ToDictionary(figure => figure.Name, figure => figure.Value!.Value, StringComparer.Ordinal),
        };
    }
}
