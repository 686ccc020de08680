using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>The merge of late writes after a switch without a fence, as it is written to a server that knows no update mode.</summary>
internal sealed partial class WorkerProcess
{
    /// <summary>As in a pass that may be the last before a switch.</summary>
    private static bool KeepsIds(RolloutObservation seen) =>
        seen.Rollout.Phase is RolloutPhase.CuttingOver or RolloutPhase.RollingBack && RolloutDecider.FenceKindOf(seen) is null;

    private static int Lesser(Walk one, Walk other) => Math.Min(one.Current?.Id ?? int.MaxValue, other.Current?.Id ?? int.MaxValue);

    private IEnumerable<Call> MergeLateWrites()
    {
        var rollout = after;
        var (from, to, fingerprint) = rollout.Serving == Side.Green ? (rollout.Blue, rollout.Green, rollout.ToFingerprint) : (rollout.Green, rollout.Blue, rollout.FromFingerprint);
        var ids = world.State.IdsOf(rollout.Id, rollout.Merge!.Base.Of);
        if (ids is null)
        {
            after = rollout with { Merge = rollout.Merge with { DoneAt = world.Now }, Guarantee = WriteGuarantees.NotMerged(rollout.Guarantee!, from) };
            yield break;
        }

        yield return TakeEpoch();
        for (int? next = int.Parse(rollout.Merge.Cursor ?? "0", null); next is { } id;)
        {
            var (old, now) = (Scroll(from, id, 1), Scroll(to, id, 1));
            yield return old;
            yield return now;
            var (left, right) = (old.Answer.Points.Cast<(int Id, SimulatedPoint Point)?>().FirstOrDefault(), now.Answer.Points.Cast<(int Id, SimulatedPoint Point)?>().FirstOrDefault());
            id = Math.Min(left?.Id ?? int.MaxValue, right?.Id ?? int.MaxValue);
            if (id == int.MaxValue)
            {
                break;
            }

            var (before, there) = (left?.Id == id ? left.Value.Point : null, right?.Id == id ? right.Value.Point : null);
            Revision.TryFromValue(rollout.Merge!.Base.Revision, out var atTheSwitch);
            var write = ThreeWayMerge.Judge(new(ids.Contains(id), before?.Digest, there?.Digest, there?.Stamp), fingerprint, atTheSwitch);
            foreach (var call in Carry(write, id, from, to, fingerprint, before, there))
            {
                yield return call;
            }

            next = id + 1;
            rollout = rollout with { Merge = Counted(rollout.Merge, write) with { Cursor = Text(id + 1) } };
            if (write != LateWrite.None)
            {
                yield return Save(rollout);
            }
        }

        var merge = rollout.Merge! with { DoneAt = world.Now };
        rollout = rollout with { Merge = merge, Guarantee = WriteGuarantees.Merged(rollout.Guarantee!, merge, from) };
        yield return Save(rollout);
        yield return DropIds(rollout.Id);
        after = rollout;
    }

    private IEnumerable<Call> Carry(LateWrite write, int id, string from, string to, string fingerprint, SimulatedPoint? before, SimulatedPoint? there)
    {
        switch (write)
        {
            case LateWrite.Added:
                var added = SimulatedPoint.Stamped(before!.Text, before.Other, fingerprint, NextRevision());
                yield return new Call<Done>(CallKind.Data, $"insert {id} ({before.Text}) into {to}", () => Answer(world.Qdrant.Upsert(to, [(id, added)], static _ => false)));
                break;
            case LateWrite.Deleted:
                var absent = Retrieve(from, [id]);
                yield return absent;
                if (!absent.Answer.ContainsKey(id))
                {
                    yield return Delete(to, id, there!);
                }

                break;
            case LateWrite.Edited or LateWrite.PayloadEdited:
                foreach (var call in Replace(to, id, there!, SimulatedPoint.Stamped(before!.Text, before.Other, fingerprint, NextRevision())))
                {
                    yield return call;
                }

                break;
        }
    }

    /// <summary>Payload with a nonce, the vector where the nonce is, the final stamp where it is.</summary>
    private IEnumerable<Call> Replace(string to, int id, SimulatedPoint compared, SimulatedPoint wanted)
    {
        var pending = wanted.Stamp! with { Pending = wanted.Stamp.Revision.ToString() };
        bool IsAsCompared(SimulatedPoint there) => there.Stamp == compared.Stamp && there.Text == compared.Text;
        bool IsPending(SimulatedPoint there) => there.Stamp == pending && there.Text == wanted.Text;
        yield return new Call<Done>(CallKind.Data, $"overwrite the payload of {id} with {wanted.Text} in {to}", () => Answer(world.Qdrant.ChangeByFilter(
            to, id, IsAsCompared, there => there with { Text = wanted.Text, Other = wanted.Other, Stamp = pending })));
        var vector = new Call<Done>(CallKind.Data, $"update the vector of {id} in {to}", () => Answer(world.Qdrant.UpdateVector(to, id, wanted.Vector, IsPending))) { MayBeMissing = true };
        yield return vector;
        if (vector.Failure == Failure.None)
        {
            yield return new Call<Done>(CallKind.Data, $"stamp {id} in {to}", () => Answer(world.Qdrant.ChangeByFilter(to, id, IsPending, there => there with { Stamp = wanted.Stamp })));
        }
    }

    private static LateWriteMerge Counted(LateWriteMerge merge, LateWrite write) => write switch
    {
        LateWrite.Added => merge with { Added = merge.Added + 1 },
        LateWrite.Deleted => merge with { Deleted = merge.Deleted + 1 },
        LateWrite.None => merge,
        _ => merge with { Edited = merge.Edited + 1 },
    };

    private Call<Done> KeepIds(string id, KeptIds kept, List<int> ids) => new(CallKind.State, "keep the ids at the switch", () => world.State.KeepIds(id, kept.Of, ids));

    private Call<Done> DropIds(string id) => new(CallKind.State, "forget the ids at the switch", () => world.State.DropIds(id));
}
