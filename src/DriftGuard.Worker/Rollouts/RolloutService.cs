using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Plans rollouts and takes people's requests about them.</summary>
public sealed class RolloutService
{
    private readonly StateStore state;
    private readonly ServingIndexReader indexes;
    private readonly ModelPool models;
    private readonly CalibrationSets sets;
    private readonly LabelReader labels;
    private readonly TimeProvider time;

    internal RolloutService(StateStore state, ServingIndexReader indexes, ModelPool models, CalibrationSets sets, LabelReader labels, TimeProvider time)
    {
        (this.state, this.indexes, this.models, this.sets, this.labels, this.time) = (state, indexes, models, sets, labels, time);
    }

    /// <summary>Checks everything that can be known beforehand and makes the plan; nothing is recorded.</summary>
    /// <param name="indexName">The index.</param>
    /// <param name="toModel">Name of the model to change to.</param>
    /// <param name="calibrationSet">Set that decides; null for the index' own.</param>
    /// <param name="settings">What is asked.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">The rollout makes no sense; the message says why.</exception>
    public async Task<RolloutPlan> PlanAsync(
        string indexName, string toModel, string? calibrationSet, RolloutSettings settings, CancellationToken cancellation)
    {
        var index = await indexes.ReadAsync(indexName, cancellation);
        var from = index.RequireModel();
        var (oldModel, newModel) = (models.Get(from, index.Fingerprint), models.Get(toModel));
        if (newModel.Fingerprint == oldModel.Fingerprint)
        {
            throw new OperatorException(OperatorError.Invalid, $"index '{indexName}' is served by {from} already, fingerprint {newModel.Fingerprint.Short}: there is nothing to change");
        }

        RequireOneVector(index);
        await indexes.RequireSwitchableAsync(index, cancellation);
        var set = sets.Load(calibrationSet ?? index.Definition.CalibrationSet
            ?? throw new OperatorException(OperatorError.Invalid, $"index '{indexName}' has no calibration set to decide by; name one with --calibration-set"));
        var stale = await labels.RequireAnyAsync(index.Collection, set, cancellation);
        var metrics = settings.Gate.Metrics.Count > 0 ? settings.Gate.Metrics : [.. set.Header.Metrics.Select(m => m.Name)];
        return new(index, set, stale, oldModel, newModel, settings with { Gate = settings.Gate with { Metrics = metrics } });
    }

    /// <summary>Records a planned rollout; from then on the reconciler takes care of it.</summary>
    /// <exception cref="StateConflictException">The index has a rollout that has not ended.</exception>
    public Task<Rollout> StartAsync(RolloutPlan plan, string calibrationSet, CancellationToken cancellation) =>
        state.AddRolloutAsync(plan.Index.Definition.Name, id => new()
        {
            Id = id,
            Index = plan.Index.Definition.Name,
            FromModel = plan.From.Spec.Name,
            FromFingerprint = plan.From.Fingerprint.Id,
            ToModel = plan.To.Spec.Name,
            ToFingerprint = plan.To.Fingerprint.Id,
            Blue = plan.Index.Collection,
            Green = CollectionName.New(plan.Index.Definition.Name, plan.To.Fingerprint.Id),
            CalibrationSet = CalibrationSets.Recorded(calibrationSet),
            Settings = plan.Settings,
            CreatedAt = time.GetUtcNow(),
            PhaseSince = time.GetUtcNow(),
            ExpectedToken = plan.Index.Token,
            Message = $"{plan.From.Spec.Name} to {plan.To.Spec.Name}",
        }, cancellation);

    /// <summary>A rollout by its id, or the latest one of an index by the index' name.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<Rollout> FindAsync(string idOrIndex, CancellationToken cancellation) =>
        await state.FindRolloutAsync(idOrIndex, cancellation)
        ?? await LatestAsync(idOrIndex, cancellation)
        ?? throw new OperatorException(OperatorError.NotFound, $"there is no rollout '{idOrIndex}' and no index of that name with one; 'driftguard rollout status' lists them");

    /// <summary>Records a request, if it makes sense for where the rollout stands.</summary>
    /// <exception cref="OperatorException">It makes none; the message says what does.</exception>
    public async Task RequestAsync(Rollout rollout, RequestKind kind, string by, CancellationToken cancellation)
    {
        var cutOver = rollout.Serving == Side.Green;
        var problem = kind switch
        {
            RequestKind.Rollback when rollout.Phase == RolloutPhase.RolledBack => $"{rollout.Id} is rolled back already: '{rollout.Index}' is served by {rollout.FromModel}",
            RequestKind.Rollback when !cutOver && rollout.EndedAt is not null => $"{rollout.Id} has ended before its cutover ({rollout.Phase}): there is nothing to go back from",
            RequestKind.Rollback when !cutOver => $"{rollout.Id} has not cut over ({rollout.Phase}); abort it instead",
            RequestKind.Rollback when rollout.RetiredAt is not null => $"{rollout.Id} cannot be rolled back: {rollout.Blue} was removed at {rollout.RetiredAt:u}",
            RequestKind.Approve when rollout.Phase != RolloutPhase.AwaitingApproval => $"{rollout.Id} has nothing to approve yet ({rollout.Phase}): approve it once its gate has passed",
            RequestKind.Pause when cutOver => $"{rollout.Id} has cut over ({rollout.Phase}): there is nothing to pause",
            RequestKind.Abort when cutOver => $"{rollout.Id} has cut over ({rollout.Phase}); roll it back instead",
            _ when rollout.EndedAt is not null && kind != RequestKind.Rollback => $"{rollout.Id} has ended ({rollout.Phase})",
            _ => null,
        };
        if (problem is null && kind == RequestKind.Rollback && await LatestAsync(rollout.Index, cancellation) is { } latest && latest.Id != rollout.Id
            && latest.Phase is not (RolloutPhase.Aborted or RolloutPhase.Failed))
        {
            problem = $"{rollout.Id} cannot be rolled back: {latest.Id} came after it ({latest.Phase})";
        }

        if (problem is not null)
        {
            throw new OperatorException(OperatorError.Conflict, problem);
        }

        await state.AddRequestAsync(rollout.Id, kind, by, cancellation);
    }

    private async Task<Rollout?> LatestAsync(string index, CancellationToken cancellation) =>
        await state.ListRolloutsAsync(index, cancellation) is { Count: > 0 } rollouts ? rollouts[^1] : null;

    private static void RequireOneVector(ServingIndex index)
    {
        if (!index.State.HoldsOneUnnamedVector)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"collection {index.Collection} holds vectors {string.Join(", ", index.State.Vectors.Keys.Select(k => $"'{k}'"))}; "
                + "a rollout re-embeds one unnamed vector and would lose the others");
        }
    }
}
