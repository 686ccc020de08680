using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Planning;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Measures what the rollout takes and scores a sub-corpus under both models; a hopeless candidate ends here.</summary>
internal sealed class PreflightStep(
    QdrantStore qdrant, StateStore state, ModelPool models, OldSideReader oldSide, CalibrationSets sets, Preflight preflight, CorpusMeasurer measurer, Evaluator evaluator,
    IndexCorpora corpora, RolloutProgress progress) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RunPreflight];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var before = await oldSide.ReadAsync(rollout.Index, rollout.Blue, rollout.FromModel, rollout.FromFingerprint, cancellation);
        var (set, newModel) = (sets.Load(rollout.CalibrationSet), models.Get(rollout.ToModel, rollout.ToFingerprint));
        var index = await state.FindIndexAsync(rollout.Index, cancellation);
        var corpus = corpora.Of(index!);
        var blue = await qdrant.FindCollectionAsync(rollout.Blue, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"collection {rollout.Blue} is gone");
        progress.Begin(rollout.Id, "preflight", 0);
        var (report, refused) = await preflight.RunAsync(
            new(rollout.Index, rollout.Blue, corpus, set, before.Model, newModel, rollout.Settings.Gate, SeedOf(rollout.Id)), cancellation);
        await evaluator.StoreAsync(report with { Notes = [.. before.Notes, .. report.Notes] }, rollout.Id, cancellation);
        return rollout with
        {
            Preflight = new(refused, report.Sentence, report.Id),
            Failure = refused ? new(RolloutReason.PreflightRefused, report.Sentence) : null,
            Estimate = rollout.Estimate ?? await measurer.MeasureAsync(blue, corpus, newModel, rollout.Settings, SeedOf(rollout.Id), cancellation),
        };
    }

    /// <summary>The same sub-corpus is drawn again when the step is repeated.</summary>
    private static int SeedOf(string rolloutId) => BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(rolloutId))) & int.MaxValue;
}
