using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Scores calibration sets against indexes, and finds what was scored.</summary>
public sealed class EvaluationService
{
    private readonly ServingIndexReader indexes;
    private readonly ModelPool models;
    private readonly CalibrationSets sets;
    private readonly LabelReader labels;
    private readonly Evaluator evaluator;

    internal EvaluationService(ServingIndexReader indexes, ModelPool models, CalibrationSets sets, LabelReader labels, Evaluator evaluator)
    {
        (this.indexes, this.models, this.sets, this.labels, this.evaluator) = (indexes, models, sets, labels, evaluator);
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
        var scored = await evaluator.ScoreAsync(indexName, index.Collection, models.Get(model, index.Fingerprint), set, index.Definition.TextField, cancellation);
        var report = scored with { Labels = known };
        await evaluator.StoreAsync(report, null, cancellation);
        return report;
    }

    /// <summary>A stored report; null if there is none.</summary>
    public Task<EvaluationReport?> FindAsync(string id, CancellationToken cancellation) => evaluator.FindAsync(id, cancellation);
}
