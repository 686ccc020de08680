using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Asks the peers again of which some were behind at the switch. Until all have seen it nothing is retired.</summary>
internal sealed class ConfirmPeersStep(PeerReader peers, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.ConfirmPeers];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var serving = rollout.Served().Collection;
        var behind = (await peers.ReadAsync(serving, cancellation)).Behind(rollout.ExpectedToken, serving);
        return behind is not null
            ? rollout with { PeersBehind = behind, PeersLookedAt = time.GetUtcNow() }
            : rollout with
            {
                PeersBehind = null,
                PeersLookedAt = time.GetUtcNow(),
                Guarantee = rollout.Guarantee is { } before ? before with { Message = $"{before.Message}; every peer has seen the switch since" } : null,
            };
    }
}
