using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Planning;

/// <summary>Checks, measures and tries a change of model before anything is recorded or written.</summary>
internal sealed class RolloutPlanner(
    ServingIndexReader indexes, ModelPool models, OldSideReader oldSide, CalibrationSets sets, LabelReader labels, CorpusMeasurer measurer, Preflight preflight, IndexCorpora corpora,
    DriftGuardOptions options)
{
    /// <summary>Checks everything that can be known without embedding.</summary>
    public async Task<RolloutPlan> PlanAsync(
        string indexName, string toModel, string? calibrationSet, RolloutSettings settings, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(indexName, cancellation);
        var from = index.RequireModel();
        var (before, newModel) = (await oldSide.ReadAsync(indexName, index.Collection, from, index.Fingerprint, cancellation), models.Get(toModel));
        if (newModel.Fingerprint.Id == index.Fingerprint)
        {
            throw new OperatorException(OperatorError.Invalid, $"index '{indexName}' is served by {from} already, fingerprint {newModel.Fingerprint.Short}: there is nothing to change");
        }

        SpendingCap.RequirePrice(options.Models, newModel, settings.MoneyCap);
        IndexVectors.Require(index.Definition.Vector, index.State);
        await indexes.RequireSwitchableAsync(index, cancellation);
        var set = sets.Load(calibrationSet ?? index.Definition.CalibrationSet
            ?? throw new OperatorException(OperatorError.Invalid, $"index '{indexName}' has no calibration set to decide by; name one with --calibration-set"));
        var stale = await labels.RequireAnyAsync(index.Collection, set, cancellation);
        RequireDecidable(set, settings.Gate);
        var metrics = settings.Gate.Metrics.Count > 0 ? settings.Gate.Metrics : [.. set.Header.Metrics.Select(m => m.Name)];
        return new(index, set, stale, before.Model, newModel, settings with { Gate = settings.Gate with { Metrics = metrics } }) { Notes = before.Notes };
    }

    /// <summary>Measures what a plan takes, and holds it against the budget.</summary>
    public async Task<RolloutPlan> EstimateAsync(RolloutPlan plan, int seed, CancellationToken cancellation)
    {
        var estimate = await measurer.MeasureAsync(plan.Index.State with { Name = plan.Index.Collection }, corpora.Of(plan.Index.Definition), plan.To, plan.Settings, seed, cancellation);
        return plan with { Estimate = estimate, Excesses = plan.Settings.Budget?.Exceeded(estimate) ?? [] };
    }

    /// <summary>Scores a sub-corpus under both models.</summary>
    public async Task<(EvaluationReport Report, bool Refused)> PreflightAsync(RolloutPlan plan, int seed, CancellationToken cancellation)
    {
        var (report, refused) = await preflight.RunAsync(
            new(plan.Index.Definition.Name, plan.Index.Collection, corpora.Of(plan.Index.Definition), plan.Set, plan.From, plan.To, plan.Settings.Gate, seed), cancellation);
        return (report with { Notes = [.. plan.Notes, .. report.Notes] }, refused);
    }

    /// <summary>A gate that cannot answer whatever the candidate does is said before the corpus is embedded, not after.</summary>
    private static void RequireDecidable(CalibrationSet set, GateSettings gate)
    {
        if (!gate.PointRule && set.GroupCount < 2)
        {
            throw new OperatorException(OperatorError.Inconclusive,
                $"inconclusive whatever the model: calibration set '{set.Name}' has {set.Queries.Count} quer{(set.Queries.Count == 1 ? "y" : "ies")} in {set.GroupCount} group; "
                + $"two groups are the least that can be compared, and {MatchesOrBeatsRule.MinimumGroups} the least that can match. Add queries of {MatchesOrBeatsRule.MinimumGroups - set.GroupCount} or more other documents");
        }
    }
}
