using System.Globalization;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Drift.Queries;

namespace DriftGuard.Core.Drift.Findings;

/// <summary>What the data detector's results say, for people.</summary>
public static class DataSentences
{
    /// <summary>A day's queries against past days.</summary>
    public static string Of(QueryDriftResult result) => result.Today is not { } today
        ? result.Reason ?? "nothing can be said of the queries"
        : string.Create(CultureInfo.InvariantCulture, $"queries of {today.Day:yyyy-MM-dd}: poorly covered {Signed(today.Coverage.Effect)} points (p {P(today.Coverage.AdjustedP)}), MMD^2 {Small(today.Discrepancy.Effect)} (p {P(today.Discrepancy.AdjustedP)}), against {result.PastDays} past days")
            + (result.Confirming is { } other ? string.Create(CultureInfo.InvariantCulture, $"; {other.Day:yyyy-MM-dd}: {Signed(other.Coverage.Effect)} points (p {P(other.Coverage.AdjustedP)}), MMD^2 {Small(other.Discrepancy.Effect)} (p {P(other.Discrepancy.AdjustedP)})") : "")
            + (result.Reason is { } reason ? $"; {reason}" : "");

    /// <summary>The corpus against the baseline's.</summary>
    public static string Of(DocumentDrift documents) => documents.Reason
        ?? string.Create(CultureInfo.InvariantCulture, $"documents: MMD^2 {Small(documents.Squared)} ({Small(documents.Lower)} to {Small(documents.Upper)}), p {P(documents.P)}, {Math.Max(0, documents.Effect):0.##%} of the kernel's range; {documents.Now} of now against {documents.Baseline} of the baseline")
            + (documents.Fresh is { } fresh ? string.Create(CultureInfo.InvariantCulture, $"; a fresh sample: p {P(fresh.P)}, {Math.Max(0, fresh.Effect):0.##%}") : "");

    private static string Signed(double share) => (share * 100).ToString("+0.#;-0.#;0", CultureInfo.InvariantCulture);

    private static string Small(double value) => value.ToString(Math.Abs(value) is > 0 and < .001 ? "0.0e+0" : "0.####", CultureInfo.InvariantCulture);

    private static string P(double p) => p.ToString(p < .001 ? "0.0e+0" : "0.###", CultureInfo.InvariantCulture);
}
