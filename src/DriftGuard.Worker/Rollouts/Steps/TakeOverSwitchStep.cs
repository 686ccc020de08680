using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// After the state was restored from a backup: records the switch that Qdrant shows and the state lacks, as one whose outcome is to be confirmed next. Of a
/// switch that was made impossible after the backup the new token is recorded.
/// </summary>
internal sealed class TakeOverSwitchStep(TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.TakeOverSwitch];

    public Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var (rollout, token) = (seen.Rollout, seen.Token!.Token);
        return Task.FromResult(seen.IndexTarget == rollout.Served().Collection
            ? rollout with { ExpectedToken = token }
            : rollout with
            {
                Switch = new(rollout.Serving == Side.Blue ? Side.Green : Side.Blue, rollout.ExpectedToken, token, time.GetUtcNow(), SwitchOutcome.Unknown) { Found = true },
            });
    }
}
