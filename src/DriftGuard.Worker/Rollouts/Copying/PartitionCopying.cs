using System.Threading.RateLimiting;
using DriftGuard.State;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Copies a partition that is known by its rollout and position: looks up what <see cref="PartitionCopier"/> needs.</summary>
internal sealed class PartitionCopying(StateStore state, PartitionCopier copier, ModelPool models)
{
    public async Task CopyAsync(string rolloutId, int ordinal, RateLimiter? rate, CancellationToken cancellation)
    {
        var rollout = await state.FindRolloutAsync(rolloutId, cancellation);
        var index = await state.FindIndexAsync(rollout!.Index, cancellation);
        await copier.CopyAsync(rollout, ordinal, index!.TextField, models.Get(rollout.ToModel, rollout.ToFingerprint), rate, cancellation);
    }
}
