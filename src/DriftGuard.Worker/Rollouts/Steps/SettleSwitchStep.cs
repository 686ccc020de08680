using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Settles a switch whose outcome is unknown. Reading back proves nothing, since the call may still be applied; renaming its token
/// away does: from then on the switch can never apply. If the rename finds no token, someone applied, and the next look tells who.
/// </summary>
internal sealed class SettleSwitchStep(QdrantStore qdrant) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.SettleSwitch];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var attempt = seen.Rollout.Switch!;
        var abort = attempt.From.Abort();
        if (seen.Token!.Token != abort)
        {
            try
            {
                await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Abort(attempt)), cancellation);
            }
            catch (AliasNotFoundException)
            {
                return seen.Rollout;
            }
        }

        return seen.Rollout with { Switch = attempt with { Outcome = SwitchOutcome.Aborted }, ExpectedToken = abort };
    }
}
