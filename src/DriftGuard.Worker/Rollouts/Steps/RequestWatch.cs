using DriftGuard.Core.Rollouts;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Cuts a long step off when somebody asks for a pause, an abort or a rollback meanwhile: calls under way are cancelled, and the step is run again from
/// what is on record if it still has to be.
/// </summary>
internal sealed class RequestWatch(StateStore state, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Steps that take long and may be cut off anywhere without a trace. One that moves aliases is over in a moment, and better not cut off.</summary>
    private static readonly IReadOnlySet<RolloutAction> Long = new HashSet<RolloutAction>
    {
        RolloutAction.RunPreflight, RolloutAction.PlanPartitions, RolloutAction.CopyPartitions, RolloutAction.RunCatchUpPass, RolloutAction.Evaluate, RolloutAction.CheckSoak,
        RolloutAction.CarryWrites,
    };

    /// <summary>Does a step's work, or as much of it as it is given time for.</summary>
    /// <returns>What it returned; the rollout as it was where it was cut off.</returns>
    public async Task<Rollout> RunAsync(RolloutAction action, RolloutObservation seen, Func<CancellationToken, Task<Rollout>> step, CancellationToken cancellation)
    {
        // A reverse pass that leads to the switch is what was asked for; one that keeps the old collection current gives way to it.
        if (!Long.Contains(action) && !(action == RolloutAction.RunReversePass && seen.Rollout.Phase == RolloutPhase.Soaking))
        {
            return await step(cancellation);
        }

        using var cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = WatchAsync(seen, cut, over.Token);
        try
        {
            return await step(cut.Token);
        }
        catch (Exception) when (cut.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Also what is no cancellation: a call that was torn down may say so in its own way.
            return seen.Rollout;
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(RolloutObservation seen, CancellationTokenSource cut, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(LookAgain, time, over);
                if (IsNew(seen.Requests, await state.RequestsAsync(seen.Rollout.Id, over)))
                {
                    await cut.CancelAsync();
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StateException)
            {
                // The step itself meets the same; requests are looked at again in a moment.
            }
        }
    }

    private static bool IsNew(RolloutRequests before, RolloutRequests now) =>
        (now.Pause && !before.Pause) || (now.Abort && !before.Abort) || (now.Rollback && !before.Rollback);
}
