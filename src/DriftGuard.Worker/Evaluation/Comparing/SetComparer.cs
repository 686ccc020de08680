using System.Globalization;
using DriftGuard.Core.Calibration;
using DriftGuard.Worker.Calibration;

namespace DriftGuard.Worker.Evaluation.Comparing;

/// <summary>Compares two indexes, collections or models with a calibration set, by the rule of the gate.</summary>
internal sealed class SetComparer(SetOrIndexReader sets, SideReader sides, TimeProvider time)
{
    /// <summary>Compares.</summary>
    /// <exception cref="OperatorException">Something that is named is not there, or means two things.</exception>
    /// <exception cref="Core.Calibration.CalibrationSetException">The set has problems.</exception>
    public async Task<EvaluationReport> CompareAsync(SetComparison asked, WorkProgress progress, CancellationToken cancellation)
    {
        var (set, owner) = await sets.ReadAsync(asked.SetOrIndex, cancellation);
        var old = await sides.ReadAsync(asked.Old, cancellation);
        var candidate = await sides.ReadAsync(asked.New, cancellation);
        var metrics = asked.Gate.Metrics.Count > 0 ? Evaluator.MetricsOf(asked.Gate) : set.Header.Metrics;
        var compared = ComparedSides.Of(
            set, metrics,
            await old.ScoreAsync(set, metrics, progress, cancellation), await candidate.ScoreAsync(set, metrics, progress, cancellation), Evaluator.OptionsOf(asked.Gate));
        var report = EvaluationBuilder.Of(new(EvaluationKind.Compare, owner ?? old.Index ?? candidate.Index, time.GetUtcNow()), compared);
        report = report with
        {
            Notes = [.. report.Notes, .. old.Notes, .. candidate.Notes, .. await NotesAsync(set, compared, old, candidate, cancellation)],
        };
        return await DocumentTexts.AddAsync(report, old.Texts(set), candidate.Texts(set), cancellation);
    }

    private static async Task<IReadOnlyList<string>> NotesAsync(CalibrationSet set, ComparedSides compared, ComparableSide old, ComparableSide candidate, CancellationToken cancellation)
    {
        var notes = new List<string>();
        var (left, right) = (await old.DocumentsAsync(set, cancellation), await candidate.DocumentsAsync(set, cancellation));
        if (left != right)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"the sides search {left:N0} and {right:N0} documents: more documents are harder to search, so part of the difference is not the model's"));
        }

        if (compared.Old.ExactOnly && old is CollectionSide != candidate is CollectionSide)
        {
            notes.Add("a model's vectors in memory are only searched exactly, so both sides are compared by exact search");
        }

        return notes;
    }
}
