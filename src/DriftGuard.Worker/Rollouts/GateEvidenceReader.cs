using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Rollouts.Planning;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Gathers what the gate's conditions look at, from Qdrant, the state and the scores.</summary>
internal sealed class GateEvidenceReader(
    QdrantStore qdrant, IndexReadinessReader readiness, StateStore state, LabelReader labels, VectorExaminer vectors, ThresholdStore thresholds, CorpusMeasurer measurer, DriftGuardOptions options)
{
    /// <summary>Results of approximate and exact search that are compared.</summary>
    public const int AnnDepth = 10;

    private const int ParkedNamed = 20;

    /// <summary>Reads.</summary>
    /// <param name="rollout">The rollout, at its gate.</param>
    /// <param name="corpus">Where the texts are, and which vector was made anew.</param>
    /// <param name="newModel">Green's model.</param>
    /// <param name="compared">Both sides compared.</param>
    /// <param name="old">What the queries found in blue.</param>
    /// <param name="candidate">What they found in green.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<GateEvidence> ReadAsync(
        Rollout rollout, IndexCorpus corpus, ITextEmbedder newModel, ComparedSides compared, SearchedSet old, SearchedSet candidate, CancellationToken cancellation)
    {
        var partitions = await state.PartitionsAsync(rollout.Id, cancellation);
        var points = (long)await qdrant.CountAsync(rollout.Green, cancellationToken: cancellation);
        return new()
        {
            Completeness = await CompletenessAsync(rollout, points, partitions, cancellation),
            Vectors = await vectors.ExamineAsync(rollout.Green, corpus.Vector, newModel.Spec, partitions, cancellation),
            Index = await IndexAsync(rollout, candidate, cancellation),
            Retrieval = new(compared.Decision, await labels.StaleAsync(rollout.Blue, compared.Set, cancellation))
            {
                Slices = compared.CompareSlicesBothWays(),
                Attributions = compared.Attributions,
            },
            Latency = new(old.P95, candidate.P95, rollout.Settings.Gate.LatencyRatioCeiling),
            Thresholds = await thresholds.EvidenceAsync(rollout.Index, rollout.FromFingerprint, rollout.ToFingerprint, rollout.ToModel, cancellation),
            Budget = await BudgetAsync(rollout, corpus, newModel, points, partitions, cancellation),
            RequireApproval = rollout.Settings.RequireApproval,
        };
    }

    private async Task<CompletenessEvidence> CompletenessAsync(Rollout rollout, long points, IReadOnlyList<Partition> partitions, CancellationToken cancellation)
    {
        var parked = await state.ParkedAsync(rollout.Id, cancellation);
        return new(
            (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation),
            points,
            rollout.LastPass!.Changes,
            parked.Count,
            partitions.Sum(p => p.Truncated),
            [.. parked.Take(ParkedNamed).Select(p => $"{p.PointId}: {p.Reason}")])
        {
            ParkedShare = rollout.Settings.Gate.ParkedShare,
            Proof = ProofStore.Summary(partitions),
        };
    }

    private async Task<IndexEvidence> IndexAsync(Rollout rollout, SearchedSet found, CancellationToken cancellation)
    {
        var ready = await readiness.ReadAsync(rollout.Green, cancellation);
        var (recall, queries) = found.AnnRecall(AnnDepth);
        return new(ready.Ready, ready.Message, recall, rollout.Settings.Gate.AnnRecallFloor, AnnDepth, queries);
    }

    /// <summary>
    /// What was embedded and stands in green, held against the budget as it is configured now: a budget that is raised mends a gate that it
    /// blocked. A rollout that was started beyond its budget on purpose is not held against it.
    /// </summary>
    private async Task<BudgetEvidence?> BudgetAsync(Rollout rollout, IndexCorpus corpus, ITextEmbedder model, long points, IReadOnlyList<Partition> partitions, CancellationToken cancellation)
    {
        if (rollout.Settings.Budget is null || options.Rollout.Budget.ToBudget() is not { } budget)
        {
            return null;
        }

        var estimate = rollout.Estimate ?? await MeasureAsync(rollout, corpus, model, cancellation);
        var embedded = partitions.Sum(p => p.Copied) + rollout.WritesCarried;
        var taken = measurer.Priced(estimate, model) with { Texts = embedded, Points = points, CountedTokens = CopySpending.TokensOf(rollout, partitions.Sum(p => p.Tokens)) };
        return new(taken, budget);
    }

    private async Task<RolloutEstimate> MeasureAsync(Rollout rollout, IndexCorpus corpus, ITextEmbedder model, CancellationToken cancellation)
    {
        var green = await qdrant.FindCollectionAsync(rollout.Green, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"collection {rollout.Green} is gone");
        return await measurer.MeasureAsync(green, corpus, model, rollout.Settings, seed: 1, cancellation);
    }
}
