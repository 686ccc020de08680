using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>Two sides that a set was scored against, as an evaluation recorded them.</summary>
/// <param name="From">Which evaluation, for people.</param>
/// <param name="Spreads">How much each metric's differences scattered.</param>
/// <param name="Sides">What both found, where the set has the same queries still; otherwise none.</param>
internal sealed record StoredComparison(string From, IReadOnlyList<DifferenceSpread> Spreads, IReadOnlyList<RetrievedSide> Sides)
{
    /// <summary>Evaluations that are looked through for one with two sides.</summary>
    private const int MostRead = 50;

    /// <summary>The newest of a set, and of an index where one is named; null where there is none.</summary>
    public static async Task<StoredComparison?> FindAsync(StateStore state, CalibrationSet set, string? index, CancellationToken cancellation)
    {
        // On a sub-corpus differences are not to scale, and one side alone has none.
        foreach (var entry in (await state.ListEvaluationsAsync(index, MostRead, cancellation)).Where(entry => entry.Kind is not (EvaluationKind.Preflight or EvaluationKind.Evaluate)))
        {
            if (await state.FindEvaluationAsync(entry.Id, cancellation) is { } stored
                && EvaluationJson.Read(stored.Json) is { New: not null, Comparisons.Count: > 0 } report
                && report.CalibrationSet == set.Name
                && report.Old.Fingerprint != report.New.Fingerprint
                && Spread(report) is { Count: > 0 } spreads)
            {
                return new(
                    string.Create(CultureInfo.InvariantCulture, $"the evaluation of {report.Old.Model} against {report.New.Model} on {report.At:yyyy-MM-dd} ({report.Id})"),
                    spreads, SidesOf(report, set));
            }
        }

        return null;
    }

    private static List<DifferenceSpread> Spread(EvaluationReport report) =>
        [.. report.Comparisons.Select(compared => DifferenceSpread.Of(compared.Metric, compared.Result)).OfType<DifferenceSpread>()];

    private static List<RetrievedSide> SidesOf(EvaluationReport report, CalibrationSet set)
    {
        var byId = report.Queries.ToDictionary(query => query.Id, StringComparer.Ordinal);
        return set.Queries.Count > 0 && set.Queries.All(query => byId.TryGetValue(query.Id, out var found) && found.NewFound is not null)
            ?
            [
                new($"{report.Old.Model} in {report.Old.Collection}", [.. set.Queries.Select(query => byId[query.Id].OldFound)]),
                new($"{report.New!.Model} in {report.New.Collection}", [.. set.Queries.Select(query => byId[query.Id].NewFound!)]),
            ]
            : [];
    }
}
