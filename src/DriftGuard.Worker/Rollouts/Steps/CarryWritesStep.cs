using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// In the soak: brings what was written through DriftGuard to the old collection as well, by the outbox. A mark is cleared once its point was found to be the
/// same on both sides, so what is carried now is compared once more the next time.
/// </summary>
internal sealed class CarryWritesStep(PassRuns runs, StateStore state, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CarryWrites];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var sides = await runs.SidesAsync(rollout, cancellation);
        var outbox = await OutboxChanges.BeginAsync(state, rollout.Index, cancellation);
        var run = await runs.BeginAsync(rollout, sides, lanes: 1, ids: null, outbox, cancellation);
        var work = await run.MarkedAsync(cancellation);
        return rollout with
        {
            LastCarry = new(time.GetUtcNow(), await state.CountDirtyAsync(rollout.Index, cancellation), work.StillParked.Count),
            WritesCarried = rollout.WritesCarried + work.Embedded + work.PayloadOnly + work.Deleted,
            PassTokens = rollout.PassTokens + work.Tokens,
        };
    }
}
