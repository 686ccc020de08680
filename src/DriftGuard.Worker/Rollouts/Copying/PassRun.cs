using System.Collections.Concurrent;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Merging;
using DriftGuard.Worker.Rollouts.Proving;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// The comparisons of one pass, from the collection that is the truth to the other one: in full, by what the source says has changed, or by what
/// the outbox says was written.
/// </summary>
internal sealed class PassRun(
    QdrantStore qdrant, StateStore state, RolloutProgress progress, TimeProvider time, Rollout rollout, PassLanes lanes, PassSides sides, IdKeeper? ids, OutboxChanges? outbox)
{
    private const int SeenAtATime = 1_000;

    private readonly ChangeWitness _witness = new(sides.Corpus.Source);
    private long _compared;

    /// <summary>Ids that were seen on either side.</summary>
    public long Compared => _compared;

    /// <summary>Compares everything, and keeps what that proves.</summary>
    public async Task<IReadOnlyList<PassWork>> InFullAsync(CancellationToken cancellation)
    {
        var (comparison, proofs) = (new CollectionComparison(qdrant), new ConcurrentBag<PartitionProof>());
        var works = await lanes.RunAsync(async (partition, work, stop) =>
        {
            using var proof = new ProofWriter([partition], rollout.Serving, time);
            var ((start, end), seen) = (RangeOf(partition), new Count(this));
            await foreach (var compared in comparison.RunAsync(sides.From, sides.To, sides.Corpus, sides.Model.Fingerprint.Id, rollout.Settings.BatchSize, start, end, stop))
            {
                proof.Add(compared.Sides);
                if (ids is not null)
                {
                    await ids.TakeAsync(compared.Sides, stop);
                }

                Witness(compared);
                await work.TakeAsync(compared, stop);
                seen.Next();
            }

            seen.End();
            proofs.Add(proof.Finish()[0]);
        }, cancellation);

        if (rollout.Serving == Side.Blue)
        {
            // Once green serves, what is kept is the proof of the cutover.
            await ProofStore.SaveAsync(state, rollout.Id, [.. proofs.OrderBy(proof => proof.Ordinal)], cancellation);
        }

        return works;
    }

    /// <summary>How many of the changes that were found by comparing everything the outbox did not tell of, or the source where there is no outbox.</summary>
    /// <param name="since">A time before the first of them.</param>
    /// <param name="parked">Points whose texts cannot be embedded.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<long> UntoldAsync(DateTimeOffset since, IReadOnlySet<string> parked, CancellationToken cancellation) =>
        outbox is not null ? outbox.UntoldAsync(parked, cancellation)
        : sides.Corpus.KnowsChanges ? _witness.UntoldAsync(sides.From, since, cancellation)
        : Task.FromResult(0L);

    /// <summary>Compares what the outbox says was written, and what stands parked: a text that could not be embedded before may be by now.</summary>
    public async Task<IReadOnlyList<PassWork>> ByOutboxAsync(CancellationToken cancellation)
    {
        var (comparison, work) = (Changes(), lanes.Single());
        var parked = (await state.ParkedAsync(rollout.Id, cancellation)).Select(p => PointId.Parse(p.PointId));
        await foreach (var compared in comparison.OfAsync(parked, cancellation))
        {
            await work.TakeAsync(compared, cancellation);
        }

        return [await MarkedAsync(comparison, work, cancellation)];
    }

    /// <summary>Compares what the outbox says was written, and no more.</summary>
    public Task<PassWork> MarkedAsync(CancellationToken cancellation) => MarkedAsync(Changes(), lanes.Single(), cancellation);

    private async Task<PassWork> MarkedAsync(ChangeComparison comparison, PassWork work, CancellationToken cancellation)
    {
        await foreach (var compared in outbox!.CompareAsync(points => comparison.OfAsync(points, cancellation), count => Advance(count), cancellation))
        {
            await work.TakeAsync(compared, cancellation);
        }

        await work.FlushAsync(cancellation);
        return work;
    }

    /// <summary>Compares all ids, and what changed at a time or later.</summary>
    public async Task<IReadOnlyList<PassWork>> ByChangesAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        var comparison = Changes();
        var works = await lanes.RunAsync(async (partition, work, stop) =>
        {
            var ((start, end), seen) = (RangeOf(partition), new Count(this));
            await foreach (var compared in comparison.WalkAsync(start, end, seen.Next, stop))
            {
                await work.TakeAsync(compared, stop);
            }

            seen.End();
        }, cancellation);

        await foreach (var compared in comparison.ChangedAsync(since, cancellation))
        {
            await works[0].TakeAsync(compared, cancellation);
        }

        await works[0].FlushAsync(cancellation);
        return works;
    }

    private ChangeComparison Changes() => sides.ById(qdrant, rollout.Settings.BatchSize);

    private void Witness(Compared compared)
    {
        if (outbox is not null)
        {
            outbox.Add(compared);
        }
        else if (sides.Corpus.KnowsChanges)
        {
            _witness.Add(compared);
        }
    }

    /// <summary>Counts the ids of one partition, and says so by the thousand: lanes count at the same time.</summary>
    private sealed class Count(PassRun run)
    {
        private long _now;

        public void Next()
        {
            if (++_now == SeenAtATime)
            {
                End();
            }
        }

        public void End()
        {
            run.Advance(_now);
            _now = 0;
        }
    }

    private void Advance(long ids)
    {
        Interlocked.Add(ref _compared, ids);
        progress.Advance(rollout.Id, ids);
    }

    private static (PointId From, PointId? Until) RangeOf(Partition partition) =>
        (PointId.Parse(partition.Start), partition.End is { } end ? PointId.Parse(end) : null);
}
