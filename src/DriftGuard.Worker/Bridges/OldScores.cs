using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Bridges;

/// <summary>What queries scored with a collection's own model.</summary>
/// <param name="ByQuery">The metric by the query's id.</param>
/// <param name="Evaluation">The evaluation that says so; null where the model was asked just now.</param>
internal sealed record OldScores(IReadOnlyDictionary<string, double> ByQuery, EvaluationReport? Evaluation);

/// <summary>Finds out what queries scored, or score, with a collection's own model: what a bridge is held against.</summary>
internal sealed class OldScoresReader(ModelPool models, CollectionScorer scorer, StateStore state, Evaluator evaluator)
{
    // Newest first; what is older than so many others tells little of the documents that are there now.
    private const int LookedThrough = 200;

    /// <summary>Asks the model if it still embeds, and otherwise looks up what was scored before it was gone.</summary>
    /// <exception cref="OperatorException">It is gone, and nothing was scored with it that still holds.</exception>
    public async Task<OldScores> ReadAsync(ServingIndex index, CalibrationSet set, RetrievalMetric metric, CancellationToken cancellation)
    {
        var name = index.RequireModel();
        var (model, whyNot) = await models.TryGetAsync(name, index.Fingerprint, cancellation);
        if (model is not null)
        {
            var found = await scorer.SearchAsUsersAsync(index.Collection, index.Definition.Vector, model, set, CollectionScorer.DepthOf([metric]), cancellation);
            var values = EvaluationFigures.Values(set, [metric], found)[0];
            return new(set.Queries.Index().ToDictionary(query => query.Item.Id, query => values[query.Index], StringComparer.Ordinal), null);
        }

        foreach (var entry in await state.ListEvaluationsAsync(index.Definition.Name, LookedThrough, cancellation))
        {
            if (entry.Kind != EvaluationKind.Preflight && await evaluator.FindAsync(entry.Id, cancellation) is { } report && Scored(report, index, set, metric) is { Count: > 0 } scores)
            {
                return new(scores, report);
            }
        }

        throw new OperatorException(OperatorError.Inconclusive,
            $"inconclusive: {name} cannot be asked any more ({whyNot!.Message}), and no stored evaluation of {index.Collection} says what calibration set '{set.Name}' scored with it by {metric.Name}: "
            + "a bridge would have nothing to be held against. Bring the model back for once, or start the rollout without a bridge by another index; "
            + $"'driftguard evaluate {index.Definition.Name}' keeps the figures for the next time");
    }

    /// <summary>The queries that are still as they were when they were scored.</summary>
    private static Dictionary<string, double>? Scored(EvaluationReport report, ServingIndex index, CalibrationSet set, RetrievalMetric metric)
    {
        var position = report.Metrics.ToList().IndexOf(metric.Name);
        if (report.CalibrationSet != set.Name || position < 0)
        {
            return null;
        }

        Func<QueryReport, IReadOnlyList<double>?>? valuesOf = IsOf(report.New) ? query => query.New : IsOf(report.Old) ? query => query.Old : null;
        if (valuesOf is null)
        {
            return null;
        }

        var then = report.Queries.ToDictionary(query => query.Id, StringComparer.Ordinal);
        return set.Queries
            .Where(query => then.TryGetValue(query.Id, out var scored) && valuesOf(scored) is not null && (scored.Judged is null || scored.Judged == JudgedQuery.DigestOf(set, query)))
            .ToDictionary(query => query.Id, query => valuesOf(then[query.Id])![position], StringComparer.Ordinal);

        bool IsOf(SideReport? side) => side is { ExactOnly: false } && side.Collection == index.Collection && side.Fingerprint == index.Fingerprint;
    }
}
