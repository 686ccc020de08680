using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Measures the new model and creates the shadow collection, stamped with the new fingerprint and with indexing off until it is filled, and proves on it that
/// conditional writes are honoured.
/// </summary>
internal sealed class CreateGreenStep(QdrantStore qdrant, StateStore state, ModelPool models, ModelEnroller enroller, ConditionalWriteCanary canary) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.CreateGreen];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var model = models.Get(rollout.ToModel, rollout.ToFingerprint);
        var vector = (await state.FindIndexAsync(rollout.Index, cancellation))!.Vector;
        await enroller.EnsureAsync(model, cancellation);
        var blue = await qdrant.FindCollectionAsync(rollout.Blue, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"collection {rollout.Blue} is gone");
        try
        {
            await qdrant.CreateCollectionAsync(rollout.Green, CollectionSchemas.LikeBlue(blue, rollout.Index, vector, model), cancellation);
        }
        catch (QdrantException exception) when (exception.Kind == QdrantFailure.AlreadyExists)
        {
            // Ours, from a call whose answer was lost: the name carries random bits and was recorded before it was used.
        }

        foreach (var (field, info) in blue.PayloadIndexes)
        {
            await qdrant.CreatePayloadIndexAsync(rollout.Green, field, info, cancellation);
        }

        if (rollout.Settings.Fence == FenceMode.Alias && !seen.Fence.HasWriteAlias)
        {
            await qdrant.ChangeAliasesAsync([new AliasChange.Create(WriteFence.WriteAlias(rollout.Index), rollout.Blue)], cancellation);
        }

        var honoursUpdateMode = await canary.ProveAsync(rollout.Green, vector, model.Spec.Dimensions, cancellation);
        return rollout with { GreenCreated = true, HonoursUpdateMode = honoursUpdateMode };
    }
}
