using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Merging;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// Carries over what was still written to the old side around a switch without a fence. Both sides are walked in the order of ids with the ids at the
/// switch beside them; where the new side has changed since, it wins. What is written is recorded batch by batch, so that a merge that was cut off
/// goes on behind it: an application may have deleted since what the merge has added.
/// </summary>
internal sealed class MergeLateWritesStep(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, ModelPool models, IndexCorpora corpora, RolloutProgress progress, TimeProvider time)
    : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.MergeLateWrites];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var source = rollout.Idle().Collection;
        if (!await new SwitchIds(state, rollout.Id).AreThereAsync(rollout.Merge!.Base, cancellation))
        {
            return rollout with { Merge = rollout.Merge with { DoneAt = time.GetUtcNow() }, Guarantee = WriteGuarantees.NotMerged(rollout.Guarantee!, source) };
        }

        rollout = await MergeAsync(rollout, source, cancellation);
        var merge = rollout.Merge! with { DoneAt = time.GetUtcNow() };
        rollout = rollout with { Merge = merge, Guarantee = WriteGuarantees.Merged(rollout.Guarantee!, merge, source) };

        // Recorded first: without the ids nothing could be merged again.
        await state.SaveRolloutAsync(rollout, finished: false, cancellation);
        await state.DeleteIdSetsAsync(rollout.Id, cancellation);
        return rollout;
    }

    private async Task<Rollout> MergeAsync(Rollout rollout, string source, CancellationToken cancellation)
    {
        var (target, model) = (rollout.Served().Collection, models.Get(rollout.Served().Model, rollout.Served().Fingerprint));
        var index = (await state.FindIndexAsync(rollout.Index, cancellation))!;
        var corpus = await corpora.OfAsync(index, source, cancellation);
        var parked = (await state.ParkedAsync(rollout.Id, cancellation)).Select(p => p.PointId).ToHashSet(StringComparer.Ordinal);
        await revisions.RenewAsync(cancellation);
        progress.Begin(rollout.Id, "merging late writes", (long)await qdrant.CountAsync(source, cancellationToken: cancellation));

        var work = new MergeWork(qdrant, state, writer, revisions, rollout, target, model, corpus, index.PayloadTextField, parked);
        var start = rollout.Merge!.Cursor is { } cursor ? PointId.Parse(cursor) : PointId.First;
        var comparison = new CollectionComparison(qdrant).RunAsync(source, target, corpus, model.Fingerprint.Id, rollout.Settings.BatchSize, start, null, cancellation);
        await using var known = new SwitchIds(state, rollout.Id).ReadAsync(rollout.Merge.Base, start, cancellation).GetAsyncEnumerator(cancellation);
        var hasKnown = await known.MoveNextAsync();
        await foreach (var compared in comparison)
        {
            while (hasKnown && known.Current < compared.Id)
            {
                hasKnown = await known.MoveNextAsync();
            }

            work.Take(compared, hasKnown && known.Current == compared.Id);
            progress.Advance(rollout.Id, 1);
            if (work.IsFull && compared.Id.TryNext(out var next))
            {
                await work.FlushAsync(source, cancellation);
                await state.SaveRolloutAsync(Merged(rollout, work) with { Merge = work.Merge with { Cursor = next.ToString() } }, finished: false, cancellation);
            }
        }

        await work.FlushAsync(source, cancellation);
        return Merged(rollout, work);
    }

    private static Rollout Merged(Rollout rollout, MergeWork work) => rollout with { Merge = work.Merge, PassTokens = rollout.PassTokens + work.Tokens };
}
