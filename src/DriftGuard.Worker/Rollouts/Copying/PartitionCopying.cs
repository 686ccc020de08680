using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Copies a partition that is known by its rollout and position: looks up what <see cref="PartitionCopier"/> needs.</summary>
internal sealed class PartitionCopying(StateStore state, PartitionCopier copier, CopyPaces paces, ModelPool models, ILogger<PartitionCopying> log)
{
    public async Task CopyAsync(string rolloutId, int ordinal, CancellationToken cancellation)
    {
        var rollout = await state.FindRolloutAsync(rolloutId, cancellation);
        var index = await state.FindIndexAsync(rollout!.Index, cancellation);
        var model = models.Get(rollout.ToModel, rollout.ToFingerprint);
        await paces.RunAsync(rollout, pace => copier.CopyAsync(rollout, ordinal, index!.TextField, model, pace, cancellation), cancellation);
        ModelLog.Embedded(log, rolloutId, ordinal, model);
    }
}
