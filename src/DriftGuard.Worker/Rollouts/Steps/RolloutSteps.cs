using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Does one action of a rollout and returns the rollout with the facts that the action made true.</summary>
internal interface IRolloutStep
{
    /// <summary>The actions it does.</summary>
    IReadOnlyList<RolloutAction> Actions { get; }

    /// <summary>Does the action. It may be cut off anywhere and run again.</summary>
    Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation);
}

/// <summary>The steps by their actions.</summary>
internal sealed class RolloutSteps(IEnumerable<IRolloutStep> steps, ICopyJobs copyJobs, RequestWatch requests)
{
    private readonly Dictionary<RolloutAction, IRolloutStep> byAction =
        steps.SelectMany(step => step.Actions.Select(action => (action, step))).ToDictionary(pair => pair.action, pair => pair.step);

    public async Task<Rollout> RunAsync(RolloutAction action, RolloutObservation seen, CancellationToken cancellation)
    {
        if (action != RolloutAction.CopyPartitions)
        {
            await HoldAsync(seen.Rollout, cancellation);
        }

        return await requests.RunAsync(action, seen, token => byAction[action].RunAsync(seen, token), cancellation);
    }

    /// <summary>Stops what runs in the background for a rollout; only copying does.</summary>
    public Task HoldAsync(Rollout rollout, CancellationToken cancellation) => copyJobs.StopAsync(rollout.Id, cancellation);
}
