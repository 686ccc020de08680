using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Planning;
using DriftGuard.Worker.Telemetry.Tracing;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Plans rollouts and takes people's requests about them.</summary>
public sealed class RolloutService
{
    private const int LongestReference = 200;

    private readonly StateStore state;
    private readonly ModelPool models;
    private readonly RolloutPlanner planner;
    private readonly Evaluator evaluator;
    private readonly SecurityOptions security;
    private readonly TimeProvider time;

    internal RolloutService(StateStore state, ModelPool models, RolloutPlanner planner, Evaluator evaluator, SecurityOptions security, TimeProvider time)
    {
        (this.state, this.models, this.planner, this.evaluator, this.security, this.time) = (state, models, planner, evaluator, security, time);
    }

    /// <summary>Checks everything that can be known without embedding and makes the plan; nothing is recorded.</summary>
    /// <param name="indexName">The index.</param>
    /// <param name="toModel">Name of the model to change to.</param>
    /// <param name="calibrationSet">Set that decides; null for the index' own.</param>
    /// <param name="settings">What is asked.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">The rollout makes no sense, or its set could decide nothing; the message says why.</exception>
    public Task<RolloutPlan> PlanAsync(string indexName, string toModel, string? calibrationSet, RolloutSettings settings, CancellationToken cancellation) =>
        planner.PlanAsync(indexName, toModel, calibrationSet, settings, cancellation);

    /// <summary>Measures on a sample what a plan takes and holds it against the budget; nothing is recorded.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="seed">Seed of the sample.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<RolloutPlan> EstimateAsync(RolloutPlan plan, int seed, CancellationToken cancellation) => planner.EstimateAsync(plan, seed, cancellation);

    /// <summary>Scores a sub-corpus under both models and stores the report; no rollout is recorded.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="seed">Seed of the sub-corpus.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The report, and whether the candidate is hopeless. It is never a pass.</returns>
    public async Task<(EvaluationReport Report, bool Refused)> PreflightAsync(RolloutPlan plan, int seed, CancellationToken cancellation)
    {
        var (report, refused) = await planner.PreflightAsync(plan, seed, cancellation);
        await evaluator.StoreAsync(report, null, cancellation);
        return (report, refused);
    }

    /// <summary>Records a planned rollout; from then on the reconciler takes care of it.</summary>
    /// <exception cref="StateConflictException">The index has a rollout that has not ended.</exception>
    /// <exception cref="OperatorException">What was measured goes beyond the budget, or the index is about to be rolled back.</exception>
    public async Task<Rollout> StartAsync(RolloutPlan plan, string calibrationSet, CancellationToken cancellation)
    {
        // A budget that nothing was held against bounds nothing.
        plan = plan is { Settings.Budget: not null, Estimate: null } ? await planner.EstimateAsync(plan, Random.Shared.Next(), cancellation) : plan;
        return plan.Excesses.Count > 0
            ? throw new OperatorException(OperatorError.Refused,
                $"the rollout would go beyond its budget: {string.Join("; ", plan.Excesses.Select(excess => excess.Text))}. Raise rollout.budget, or start it with --over-budget")
            : await RecordAsync(plan, calibrationSet, cancellation);
    }

    /// <summary>The rollout of an index that was started under a reference; null where none was, or none is given.</summary>
    /// <exception cref="OperatorException">The reference is too long.</exception>
    public async Task<Rollout?> FindStartedAsync(string index, string? reference, CancellationToken cancellation) =>
        reference is null ? null
        : reference.Length is 0 or > LongestReference ? throw new OperatorException(OperatorError.Invalid, $"reference: expected 1 to {LongestReference} characters, such as a UUID")
        : (await state.ListRolloutsAsync(index, cancellation)).FirstOrDefault(rollout => rollout.Reference == reference);

    private async Task<Rollout> RecordAsync(RolloutPlan plan, string calibrationSet, CancellationToken cancellation)
    {
        var before = await LatestAsync(plan.Index.Definition.Name, cancellation);
        if (before is { Serving: Side.Green, Retiring: false } && (await state.RequestsAsync(before.Id, cancellation)).Rollback)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"{before.Id} was asked to go back to {before.FromModel} and has not come to it: wait until it has, then start the next rollout");
        }

        return await state.AddRolloutAsync(plan.Index.Definition.Name, id => new()
        {
            Id = id,
            Index = plan.Index.Definition.Name,
            FromModel = plan.FromModel,
            FromFingerprint = plan.FromFingerprint.Id,
            ToModel = plan.To.Spec.Name,
            ToFingerprint = plan.To.Fingerprint.Id,
            Blue = plan.Index.Collection,
            Green = CollectionName.New(plan.Index.Definition.Name, plan.To.Fingerprint.Id),
            CalibrationSet = CalibrationSets.Recorded(calibrationSet),
            Settings = plan.Settings,
            CreatedAt = time.GetUtcNow(),
            StartedBy = StateStore.Actor?.Name,
            Reference = plan.Reference,
            PhaseSince = time.GetUtcNow(),
            ExpectedToken = plan.Index.Token,
            Estimate = plan.Estimate,
            Message = $"{plan.FromModel} to {plan.To.Spec.Name}",

            // From now on it alone looks after the fences of the index.
            FenceMayRiseUntil = before?.FenceMayRiseUntil,
        }, cancellation);
    }

    /// <summary>A rollout by its id, or the latest one of an index by the index' name.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<Rollout> FindAsync(string idOrIndex, CancellationToken cancellation) =>
        await state.FindRolloutAsync(idOrIndex, cancellation)
        ?? await LatestAsync(idOrIndex, cancellation)
        ?? throw new OperatorException(OperatorError.NotFound, $"there is no rollout '{idOrIndex}' and no index of that name with one; 'driftguard rollout status' lists them");

    /// <summary>Records a request, if it makes sense for where the rollout stands. An approval is one of the gate that the rollout shows.</summary>
    /// <returns>Its sequence, which <see cref="Rollout.RequestsSeen"/> reaches once it is taken into account.</returns>
    /// <exception cref="OperatorException">It makes none; the message says what does.</exception>
    public async Task<long> RequestAsync(Rollout rollout, RequestKind kind, string by, CancellationToken cancellation)
    {
        RolloutTrace.Link(rollout);
        var cutOver = rollout.Serving == Side.Green;
        var problem = kind switch
        {
            RequestKind.Rollback when rollout.Phase == RolloutPhase.RolledBack => $"{rollout.Id} is rolled back already: '{rollout.Index}' is served by {rollout.FromModel}",
            RequestKind.Rollback when !cutOver && rollout.EndedAt is not null => $"{rollout.Id} has ended before its cutover ({rollout.Phase}): there is nothing to go back from",
            RequestKind.Rollback when !cutOver => $"{rollout.Id} has not cut over ({rollout.Phase}); abort it instead",
            RequestKind.Rollback when rollout.RetiredAt is not null => $"{rollout.Id} cannot be rolled back: {rollout.Blue} was removed at {rollout.RetiredAt:u}",
            RequestKind.Rollback when rollout.Retiring => $"{rollout.Id} cannot be rolled back: {rollout.Blue} is being removed",
            RequestKind.Approve when rollout.Phase != RolloutPhase.AwaitingApproval => $"{rollout.Id} has nothing to approve yet ({rollout.Phase}): approve it once its gate has passed",
            RequestKind.Approve when security.SecondApprover && (rollout.StartedBy is not { } starter || by == starter) =>
                $"{rollout.Id} was started by {rollout.StartedBy ?? "nobody known"}, and security.secondApprover asks for somebody else's approval than that of '{by}'",
            RequestKind.Promote when rollout.Phase != RolloutPhase.Soaking => $"{rollout.Id} does not soak ({rollout.Phase}): promoting accepts a model that serves before its soak is over",
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

        // Going back embeds what was written since with the old model, and afterwards every query.
        if (problem is null && kind == RequestKind.Rollback && (await models.TryGetAsync(rollout.FromModel, rollout.FromFingerprint, cancellation)).WhyNot is { } gone)
        {
            problem = $"{rollout.Id} cannot be rolled back: {rollout.FromModel} cannot embed any more ({gone.Message}), and nobody could search {rollout.Blue} by it. Bring the model back, or start a rollout to another one";
        }

        if (problem is not null)
        {
            throw new OperatorException(OperatorError.Conflict, problem);
        }

        return await state.AddRequestAsync(rollout.Id, kind, by, kind == RequestKind.Approve ? rollout.Gate!.EvaluationId : null, cancellation);
    }

    private async Task<Rollout?> LatestAsync(string index, CancellationToken cancellation) =>
        await state.ListRolloutsAsync(index, cancellation) is { Count: > 0 } rollouts ? rollouts[^1] : null;
}
