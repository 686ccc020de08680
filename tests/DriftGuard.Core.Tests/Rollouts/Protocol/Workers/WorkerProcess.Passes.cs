using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>One comparison of both collections in id order, and what it carries over.</summary>
internal sealed partial class WorkerProcess
{
    /// <summary>Where all goes through DriftGuard pages come slowly: a pass takes a large part of what a fence may last, and those under it go by the outbox.</summary>
    private static readonly TimeSpan SlowPage = TimeSpan.FromSeconds(5);

    /// <summary>Target pages are of another size, so that both walks are under way at the same time.</summary>
    private const int TargetPage = 3;

    private IEnumerable<Call> CatchUp(RolloutObservation seen)
    {
        var rollout = after;
        if (rollout is { Serving: Side.Blue, CopiedBelow: null })
        {
            yield return TakeEpoch();
            after = rollout with { CopiedBelow = NextRevision().Value };
            yield break;
        }

        var (from, to, fingerprint) = rollout.Serving == Side.Blue
            ? (rollout.Blue, rollout.Green, rollout.ToFingerprint)
            : (rollout.Green, rollout.Blue, rollout.FromFingerprint);
        var marker = Marker(from, flush: !Is(Mutation.WritesUnderWayNotFlushed));
        yield return marker;
        var outbox = CatchUpPass.HasOutbox(seen);
        var done = DoneUpTo();
        if (outbox)
        {
            yield return done;
        }

        var pass = CatchUpPass.Begin(seen with { Rollout = rollout }, Counted(marker), knowsChanges: false, world.Now);
        var work = new PassWork(from, to, fingerprint, TrustedBy(rollout), Is(Mutation.ReversePassByStampAlone));
        yield return TakeEpoch();
        foreach (var call in pass.ByOutbox ? CompareMarked(work, from, to, (long)done.Answer.Number) : CompareAll(seen, work, from, to))
        {
            yield return call;
        }

        pass = pass with
        {
            Compared = work.Compared,
            Embedded = work.Embedded,
            PayloadOnly = work.PayloadOnly,
            Deleted = work.Deleted,
            Untold = pass.Untold + (outbox && !pass.ByOutbox ? work.Differing.Count(id => !world.State.Outbox.IsDirty(id)) : 0),
            FinishedAt = world.Now,
        };
        if (outbox)
        {
            yield return ClearSame(work, (long)done.Answer.Number);
        }

        if (KeepsIds(seen))
        {
            pass = pass with { Ids = new(1, pass.StartedAt, NextRevision().Value) };
            yield return KeepIds(rollout.Id, pass.Ids, work.Ids);
        }

        after = rollout with { LastPass = pass, WritesCarried = rollout.WritesCarried + pass.Changes };
    }

    private IEnumerable<Call> CarryWrites()
    {
        var rollout = after;
        var done = DoneUpTo();
        yield return done;
        var work = new PassWork(rollout.Green, rollout.Blue, rollout.FromFingerprint, TrustedBy(rollout), Is(Mutation.ReversePassByStampAlone));
        yield return TakeEpoch();
        foreach (var call in CompareMarked(work, rollout.Green, rollout.Blue, (long)done.Answer.Number))
        {
            yield return call;
        }

        yield return ClearSame(work, (long)done.Answer.Number);
        after = rollout with
        {
            LastCarry = new(world.Now, world.State.Outbox.Dirty(long.MaxValue).Count, 0),
            WritesCarried = rollout.WritesCarried + work.Embedded + work.PayloadOnly + work.Deleted,
        };
    }

    /// <summary>What is known of a point of green whose like without a stamp blue is left as it is; never, while blue serves.</summary>
    private Func<Stamp?, bool> TrustedBy(Rollout rollout) => stamp => rollout.Serving == Side.Green && (rollout.IsAsCopied(stamp) || Is(Mutation.EditsTornByTheSwitchTrusted));

    private Call<Done> ClearSame(PassWork work, long until) => new(CallKind.State, "clear what is the same", () => world.State.Outbox.Clear(
        world.State.Outbox.Dirty(until).Where(mark => !work.Differing.Contains(mark.Id))));

    private Call<Done> DoneUpTo() => new(CallKind.State, "read the outbox", () => new((ulong)world.State.Outbox.DoneUpTo(world.Now)));

    private IEnumerable<Call> CompareMarked(PassWork work, string from, string to, long until)
    {
        var marked = world.State.Outbox.Dirty(until).Select(mark => mark.Id).ToList();
        var (source, target) = (Retrieve(from, marked), Retrieve(to, marked));
        yield return source;
        yield return target;
        foreach (var id in marked)
        {
            work.Compare(id, source.Answer.GetValueOrDefault(id), target.Answer.GetValueOrDefault(id));
        }

        foreach (var call in Flush(work))
        {
            yield return call;
        }
    }

    private IEnumerable<Call> CompareAll(RolloutObservation seen, PassWork work, string from, string to)
    {
        var (source, target) = (new Walk(), new Walk());
        while (true)
        {
            if (source.NeedsPage)
            {
                if (world.Circumstances.DriftGuard == Share.All)
                {
                    yield return Wait(SlowPage);
                }

                var page = Scroll(from, source.Next!.Value, BatchSize);
                yield return page;
                source.Take(page.Answer);
            }

            if (target.NeedsPage)
            {
                var page = Scroll(to, target.Next!.Value, TargetPage);
                yield return page;
                target.Take(page.Answer);
            }

            if (source.Current is null && target.Current is null)
            {
                break;
            }

            if (KeepsIds(seen))
            {
                var id = Lesser(source, target);
                var there = Retrieve(from, [id]);
                yield return there;
                work.Ids.AddRange(source.Current?.Id == id ? [id] : there.Answer.Keys);
            }

            work.Compare(source, target);
            if (work.IsFull)
            {
                foreach (var call in Flush(work))
                {
                    yield return call;
                }
            }
        }

        foreach (var call in Flush(work))
        {
            yield return call;
        }
    }

    private IEnumerable<Call> Flush(PassWork work)
    {
        if (work.ToDelete.Count > 0)
        {
            // Absence is never read from one scroll.
            var there = Retrieve(work.Source, [.. work.ToDelete.Select(d => d.Id)]);
            yield return there;
            foreach (var (id, compared) in work.ToDelete.Where(d => Is(Mutation.DeleteUnconfirmed) || !there.Answer.ContainsKey(d.Id)))
            {
                yield return Delete(work.Target, id, compared);
                work.Deleted++;
            }

            // Nor is sameness: what a scroll left out is compared as it is asked for by its id.
            var leftOut = work.ToDelete.Select(d => d.Id).Where(there.Answer.ContainsKey).ToList();
            if (leftOut.Count > 0 && !Is(Mutation.LeftOutIsNotCompared))
            {
                var (source, target) = (Retrieve(work.Source, leftOut), Retrieve(work.Target, leftOut));
                yield return source;
                yield return target;
                foreach (var (id, point) in source.Answer)
                {
                    work.Compare(id, point, target.Answer.GetValueOrDefault(id));
                }
            }
        }

        foreach (var (id, source, there) in work.ToOverwrite)
        {
            var stamp = there.Stamp! with { PayloadHash = source.PayloadHash, Revision = NextRevision() };
            yield return new Call<Done>(CallKind.Data, $"overwrite the payload of {id} with {source.Other} in {work.Target}", () => Answer(world.Qdrant.ChangeByFilter(
                work.Target, id, found => found.Stamp?.ContentHash == there.Stamp!.ContentHash && found.Stamp.Revision == there.Stamp.Revision,
                found => found with { Text = source.Text, Other = source.Other, Stamp = stamp })));
            work.PayloadOnly++;
        }

        if (work.ToEmbed.Count > 0)
        {
            var revision = NextRevision();
            yield return Upsert(work.Target, Embedded(work.ToEmbed, work.Fingerprint, revision), revision);
            work.Embedded += work.ToEmbed.Count;
        }

        work.Clear();
    }
}
