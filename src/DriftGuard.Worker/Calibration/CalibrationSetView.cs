using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration;

/// <summary>A calibration set as it is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Header">What <c>set.yaml</c> says; null where the set cannot be read.</param>
/// <param name="Queries">Labelled queries.</param>
/// <param name="Groups">Groups of queries that share relevant documents; fewer than 40 can show no match.</param>
/// <param name="Documents">Documents that come with it; null where none do.</param>
/// <param name="Pairs">Labelled pairs, for thresholds.</param>
/// <param name="Warnings">What is not wrong enough to refuse it.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
public sealed record CalibrationSetView(
    string Name, CalibrationSetHeader? Header, int Queries, int Groups, int? Documents, int Pairs, IReadOnlyList<string> Warnings, string? Problem)
{
    internal static CalibrationSetView Of(CalibrationSets sets, string name)
    {
        try
        {
            var set = sets.Load(name);
            return new(name, set.Header, set.Queries.Count, set.GroupCount, set.Corpus?.Count, set.Pairs.Count, [.. set.Warnings.Select(warning => warning.ToString())], null);
        }
        catch (CalibrationSetException problem)
        {
            return new(name, null, 0, 0, null, 0, [], problem.Message);
        }
    }
}
