using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Merging;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// One pass: compares both collections in id order, several partitions at a time, and makes the target equal to the source. Forward passes carry blue's writes to
/// green; after the cutover green is the truth, and only reverse passes run, in the soak and before a rollback.
/// </summary>
internal sealed class CatchUpStep(
    PassRuns runs, QdrantStore qdrant, StateStore state, RevisionSource revisions, ActivityMarker markers, RolloutProgress progress, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RunCatchUpPass, RolloutAction.RunReversePass];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        if (rollout is { Serving: Side.Blue, CopiedBelow: null })
        {
            // On record before the first pass changes anything.
            await revisions.RenewAsync(cancellation);
            return rollout with { CopiedBelow = (await revisions.NextAsync(cancellation)).Value };
        }

        var sides = await runs.SidesAsync(rollout, cancellation);
        var outbox = CatchUpPass.HasOutbox(seen) ? await OutboxChanges.BeginAsync(state, rollout.Index, cancellation) : null;
        var pass = CatchUpPass.Begin(seen, await markers.SetAsync(sides.From, rollout.Fence, cancellation), sides.Corpus.KnowsChanges, time.GetUtcNow());
        progress.Begin(rollout.Id, pass.ChangesSince is null ? "comparing" : "comparing what changed", pass.ByOutbox ? await state.CountDirtyAsync(rollout.Index, cancellation) : (long)await qdrant.CountAsync(sides.From, cancellationToken: cancellation));

        var ids = IdKeeper.IsWanted(seen) ? new IdKeeper(qdrant, state, revisions, rollout.Id, sides.From, pass) : null;
        var lanes = ids is null ? seen.Requests.Limits.Over(rollout.Settings.Limits).ConcurrentPartitions : 1; // ids are kept in their order
        var run = await runs.BeginAsync(rollout, sides, lanes, ids, outbox, cancellation);
        var works = pass.ByOutbox ? await run.ByOutboxAsync(cancellation)
            : pass.ChangesSince is { } since ? await run.ByChangesAsync(since, cancellation)
            : await run.InFullAsync(cancellation);

        var parked = works.SelectMany(work => work.StillParked).ToHashSet(StringComparer.Ordinal);
        pass = pass with
        {
            Compared = run.Compared,
            Embedded = works.Sum(work => work.Embedded),
            PayloadOnly = works.Sum(work => work.PayloadOnly),
            Deleted = works.Sum(work => work.Deleted),
            Parked = parked.Count,
            Untold = pass.Untold + (outbox is not null && pass.OutboxLags ? 0 : await run.UntoldAsync(CatchUpPass.FirstChangeAfter(rollout), parked, cancellation)),
            Ids = ids is null ? null : await ids.FinishAsync(cancellation),
            FinishedAt = time.GetUtcNow(),
        };
        if (outbox is not null && !pass.ByOutbox)
        {
            await outbox.ClearSameAsync(cancellation);
        }

        await ForgetMendedAsync(rollout, parked, cancellation);
        return rollout with { LastPass = pass, WritesCarried = rollout.WritesCarried + pass.Changes, PassTokens = rollout.PassTokens + works.Sum(work => work.Tokens) };
    }

    /// <summary>What was parked and is not any more was mended or deleted meanwhile.</summary>
    private async Task ForgetMendedAsync(Rollout rollout, HashSet<string> stillParked, CancellationToken cancellation)
    {
        var parked = await state.ParkedAsync(rollout.Id, cancellation);
        var mended = parked.Select(p => p.PointId).Where(id => !stillParked.Contains(id)).ToList();
        if (mended.Count > 0)
        {
            await state.UnparkAsync(rollout.Id, mended, cancellation);
        }
    }
}
