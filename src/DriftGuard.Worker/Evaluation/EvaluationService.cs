using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation.Comparing;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Scores calibration sets, compares by them, and finds what was scored.</summary>
public sealed class EvaluationService
{
    private readonly ServingIndexReader indexes;
    private readonly ModelPool models;
    private readonly CalibrationSets sets;
    private readonly LabelReader labels;
    private readonly Evaluator evaluator;
    private readonly SetComparer comparer;
    private readonly IndexCorpora corpora;
    private readonly StateStore state;

    internal EvaluationService(ServingIndexReader indexes, ModelPool models, CalibrationSets sets, LabelReader labels, Evaluator evaluator, SetComparer comparer, IndexCorpora corpora, StateStore state)
    {
        (this.indexes, this.models, this.sets, this.labels, this.evaluator, this.comparer, this.corpora, this.state) = (indexes, models, sets, labels, evaluator, comparer, corpora, state);
    }

    /// <summary>Scores a calibration set against the collection that serves an index, and stores the report.</summary>
    /// <param name="indexName">The index.</param>
    /// <param name="calibrationSet">The set; null for the index' own.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index or set, or none of the set's relevant documents is in the index.</exception>
    public async Task<EvaluationReport> ScoreAsync(string indexName, string? calibrationSet, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(indexName, cancellation);
        var name = calibrationSet ?? index.Definition.CalibrationSet
            ?? throw new OperatorException(OperatorError.Invalid, $"index '{indexName}' has no calibration set; name one with --calibration-set");
        var model = index.RequireModel();
        var set = sets.Load(name);
        var known = await labels.RequireAnyAsync(index.Collection, set, cancellation);
        var scored = await evaluator.ScoreAsync(indexName, index.Collection, models.Get(model, index.Fingerprint), set, corpora.Of(index.Definition), cancellation);
        var report = scored with { Labels = known };
        await StoreAsync(report, cancellation);
        return report;
    }

    /// <summary>Compares two indexes, collections or models by a calibration set; stores the report where an index is involved.</summary>
    /// <param name="asked">What is compared, and by which rule.</param>
    /// <param name="progress">Told of a piece of work, the units done, and of how many.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">Something that is named is not there, or means two things; the message says how to say which.</exception>
    public async Task<EvaluationReport> CompareAsync(SetComparison asked, Action<string, long, long>? progress, CancellationToken cancellation)
    {
        var report = await comparer.CompareAsync(asked, (work, done, total) => progress?.Invoke(work, done, total), cancellation);
        if (report.Index is not null)
        {
            await StoreAsync(report, cancellation);
        }

        return report;
    }

    /// <summary>A stored report; null if there is none.</summary>
    public Task<EvaluationReport?> FindAsync(string id, CancellationToken cancellation) => evaluator.FindAsync(id, cancellation);

    /// <summary>A report by its id; of a rollout its gate's, or before that the newest; of an index the newest.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<EvaluationReport> GetAsync(string idOrIndexOrRollout, CancellationToken cancellation) =>
        await evaluator.FindAsync(idOrIndexOrRollout, cancellation)
        ?? (await state.FindRolloutAsync(idOrIndexOrRollout, cancellation) is { Gate: { } gate } ? await evaluator.FindAsync(gate.EvaluationId, cancellation) : null)
        ?? (await state.LatestEvaluationAsync(idOrIndexOrRollout, cancellation) is { } latest ? await evaluator.ReadAsync(latest, cancellation) : null)
        ?? throw new OperatorException(OperatorError.NotFound,
            $"there is no evaluation '{idOrIndexOrRollout}', and no index or rollout of that name with one; 'driftguard evaluation list' lists them");

    /// <summary>Stored evaluations of an index, or of all, newest first.</summary>
    public Task<IReadOnlyList<EvaluationEntry>> ListAsync(string? index, int limit, CancellationToken cancellation) => state.ListEvaluationsAsync(index, limit, cancellation);

    /// <summary>What somebody asked for stands in the audit log as well.</summary>
    private async Task StoreAsync(EvaluationReport report, CancellationToken cancellation)
    {
        await evaluator.StoreAsync(report, null, cancellation);
        await state.AddAuditAsync(report.Index, "evaluated", "requested", $"{report.Sentence} (report {report.Id})", cancellation);
    }
}
