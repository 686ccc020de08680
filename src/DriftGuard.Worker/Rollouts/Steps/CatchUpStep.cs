using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Merging;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// One pass: compares both collections in id order and makes the target equal to the source. Forward passes carry blue's writes to
/// green; after the cutover green is the truth, and only reverse passes run, before a rollback.
/// </summary>
internal sealed class CatchUpStep(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, ModelPool models, IndexCorpora corpora, ActivityMarker markers,
    RolloutProgress progress, TimeProvider time)
    : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RunCatchUpPass, RolloutAction.RunReversePass];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var source = rollout.Serving;
        var (from, to, model) = source == Side.Blue
            ? (rollout.Blue, rollout.Green, models.Get(rollout.ToModel, rollout.ToFingerprint))
            : (rollout.Green, rollout.Blue, models.Get(rollout.FromModel, rollout.FromFingerprint));
        var index = (await state.FindIndexAsync(rollout.Index, cancellation))!;
        var corpus = await corpora.OfAsync(index, from, cancellation);
        var pass = CatchUpPass.Begin(seen, await markers.SetAsync(from, rollout.Fence, cancellation), time.GetUtcNow());
        await revisions.RenewAsync(cancellation);
        progress.Begin(rollout.Id, "comparing", (long)await qdrant.CountAsync(from, cancellationToken: cancellation));

        var work = new PassWork(qdrant, state, writer, revisions, rollout, to, model, corpus, index is { Template: null, Source.Kind: SourceKind.Payload } ? index.TextField : null);
        var comparison = new CollectionComparison(qdrant).RunAsync(from, to, corpus, model.Fingerprint.Id, rollout.Settings.BatchSize, cancellation);
        var ids = IdKeeper.IsWanted(seen) ? new IdKeeper(qdrant, state, revisions, rollout.Id, from, pass) : null;
        using var proof = new ProofWriter(await state.PartitionsAsync(rollout.Id, cancellation), source, time);
        await foreach (var compared in comparison)
        {
            proof.Add(compared.Sides);
            if (ids is not null)
            {
                await ids.TakeAsync(compared.Sides, cancellation);
            }

            await work.TakeAsync(compared, from, cancellation);
            progress.Advance(rollout.Id, 1);
        }

        await work.FlushAsync(from, cancellation);
        pass = pass with
        {
            Compared = work.Compared,
            Embedded = work.Embedded,
            PayloadOnly = work.PayloadOnly,
            Deleted = work.Deleted,
            Parked = work.StillParked.Count,
            Ids = ids is null ? null : await ids.FinishAsync(cancellation),
            FinishedAt = time.GetUtcNow(),
        };
        await ForgetMendedAsync(rollout, work.StillParked, cancellation);
        if (source == Side.Blue)
        {
            // Once green serves, what is kept is the proof of the cutover.
            await ProofStore.SaveAsync(state, rollout.Id, proof.Finish(), cancellation);
        }

        return rollout with { LastPass = pass, WritesCarried = rollout.WritesCarried + pass.Changes, PassTokens = rollout.PassTokens + work.Tokens };
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
