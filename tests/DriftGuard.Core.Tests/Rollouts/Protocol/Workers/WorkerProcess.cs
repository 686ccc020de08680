using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>
/// A worker, which makes the requests that the reconciler and its steps make, in their order, one at a time: what is decided is decided by
/// <see cref="RolloutDecider"/>, what is remembered is what a process remembers.
/// </summary>
internal sealed partial class WorkerProcess
{
    private readonly ProtocolWorld world;
    private readonly Dictionary<(string Rollout, int Ordinal), IEnumerator<Call>> copies = [];
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private IEnumerator<Call> main;
    private DateTimeOffset lateWritesUntil;
    private int? epoch;
    private uint sequence;
    private Rollout after = null!;
    private FenceSeen fenceFound = new();

    public WorkerProcess(ProtocolWorld world)
    {
        this.world = world;
        main = Loop().GetEnumerator();
    }

    /// <summary>When it last read the aliases.</summary>
    public long AliasesReadAt { get; private set; }

    /// <summary>Makes the next call of its loop, or of one of the jobs behind it.</summary>
    public void Step(int turn)
    {
        var running = turn % (copies.Count + 1);
        if (running == 0)
        {
            main.MoveNext();
            Send(main.Current, () => main = Loop().GetEnumerator());
            return;
        }

        var (key, copy) = copies.ElementAt(running - 1);
        if (copy.MoveNext())
        {
            Send(copy.Current, () => copies.Remove(key));
        }
        else
        {
            copies.Remove(key);
        }
    }

    /// <summary>A write of its own may be applied as long as a write is given.</summary>
    public void NoteLateWrite() => lateWritesUntil = world.Now + ProtocolWorld.WriteDeadline;

    private void Send(Call call, Action giveUp)
    {
        world.Send(this, call);
        if (call.Failure == Failure.None || (call.Failure == Failure.NotFound && call.MayBeMissing))
        {
            return;
        }

        if (call is { Kind: CallKind.Data, Failure: Failure.Unknown })
        {
            NoteLateWrite();
        }

        giveUp();
    }

    private IEnumerable<Call> Loop()
    {
        while (true)
        {
            foreach (var id in world.State.Unfinished)
            {
                foreach (var call in Reconcile(id))
                {
                    yield return call;
                }
            }

            yield return Wait(TimeSpan.FromSeconds(1));
        }
    }

    private IEnumerable<Call> Reconcile(string id)
    {
        var began = world.Now;
        var aliases = Aliases();
        yield return aliases;
        var (blue, green) = (Exists(world.State.Find(id).Blue), Exists(world.State.Find(id).Green));
        yield return blue;
        yield return green;
        var seen = Seen(id, began, aliases.Answer, blue.Answer is "yes", green.Answer is "yes");
        var decision = Mutated(seen, RolloutDecider.Decide(seen));
        world.Decided(seen, decision);
        var rollout = Recorded(seen, decision);
        if (decision.Ends)
        {
            yield return DropIds(id);
        }

        var finished = rollout.EndedAt is not null && decision.LookAgainAfter is null;
        if (finished || rollout != world.State.Find(id))
        {
            yield return Save(rollout, finished);
        }

        if (decision.Action != RolloutAction.CopyPartitions)
        {
            copies.Clear();
        }

        if (decision.Action == RolloutAction.Wait)
        {
            yield return Wait(decision.LookAgainAfter ?? TimeSpan.FromSeconds(1));
            yield break;
        }

        after = rollout;
        foreach (var call in Act(decision.Action, seen with { Rollout = rollout }))
        {
            yield return call;
        }

        if (after != rollout)
        {
            yield return Save(after);
        }
    }

    private RolloutObservation Seen(string id, DateTimeOffset began, IReadOnlyDictionary<string, string> aliases, bool blueExists, bool greenExists)
    {
        var rollout = world.State.Find(id);
        if (taken.Add(id) && rollout.Phase != RolloutPhase.Planned)
        {
            // What an earlier process had under way may still be applied.
            NoteLateWrite();
        }

        if (lateWritesUntil > world.Now && !Is(Mutation.LateWritesNotWaitedOut) && !(rollout.LateWritesUntil >= lateWritesUntil))
        {
            rollout = rollout with { LateWritesUntil = lateWritesUntil };
        }

        if (Is(Mutation.PassBeforeTheFenceIsFinal) && rollout is { Fence: { } raised, LastPass: { } last })
        {
            rollout = rollout with { LastPass = last with { Fence = raised.Nonce } };
        }

        var outbox = world.State.Outbox;
        var fence = AliasMoves.Fences(rollout.Index, aliases) with { HeldBy = outbox.HeldBy, WritesUnderWay = outbox.IsUnderWay(world.Now) };
        fenceFound = fence;
        if (Is(Mutation.FenceWithoutAHold) && rollout.Fence is { } unheld)
        {
            fence = fence with { HeldBy = unheld.Nonce, WritesUnderWay = false };
        }

        if (Is(Mutation.FenceLeftOut) && rollout.Fence is { } pretended)
        {
            fence = new() { HeldBy = pretended.Nonce, Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { [pretended.Nonce] = pretended.Collection } };
        }

        return new()
        {
            Now = began,
            Rollout = rollout,
            Requests = world.State.Requests(id),
            IndexTarget = aliases.GetValueOrDefault(rollout.Index),
            Tokens = AliasMoves.Tokens(rollout.Index, aliases),
            Fence = fence,
            BlueExists = blueExists,
            GreenExists = greenExists,
            PartitionsDone = world.State.Partitions(id).Count(p => p.Done),
            Readiness = rollout.IndexingEnabled ? new(true, "ready") : null,
            DirtyIds = rollout is { Serving: Side.Green, EndedAt: null } ? outbox.Dirty(long.MaxValue).Count : 0,
            HasSuccessor = rollout.Id != world.State.Latest!.Id,
            RetiredIsReferenced = !Is(Mutation.RetiredWithoutReadingAliases) && aliases.Values.Contains(rollout.Retired, StringComparer.Ordinal),
        };
    }

    private Rollout Recorded(RolloutObservation seen, RolloutDecision decision) => seen.Rollout with
    {
        Phase = decision.Phase,
        Reason = decision.Reason,
        Message = decision.Message,
        Failure = seen.Rollout.Failure ?? decision.Failure,
        EndedAt = decision.Ends ? seen.Rollout.EndedAt ?? world.Now : decision.Phase.IsEnd() ? seen.Rollout.EndedAt : null,
        RequestsSeen = seen.Requests.Latest,
    };

    private IEnumerable<Call> Act(RolloutAction action, RolloutObservation seen) => action switch
    {
        RolloutAction.RunPreflight => Preflight(),
        RolloutAction.CreateGreen => CreateGreen(),
        RolloutAction.PlanPartitions => PlanPartitions(),
        RolloutAction.CopyPartitions => CopyPartitions(),
        RolloutAction.RunCatchUpPass or RolloutAction.RunReversePass => CatchUp(seen),
        RolloutAction.CarryWrites => CarryWrites(),
        RolloutAction.EnableIndexing => EnableIndexing(),
        RolloutAction.Evaluate => Evaluate(seen),
        RolloutAction.RaiseFence => RaiseFence(seen),
        RolloutAction.LowerFence => LowerFence(seen),
        RolloutAction.SwitchToGreen or RolloutAction.SwitchToBlue => Switch(seen),
        RolloutAction.SettleSwitch => SettleSwitch(seen),
        RolloutAction.ConfirmSwitch => ConfirmSwitch(seen),
        RolloutAction.ConfirmPeers => ConfirmPeers(),
        RolloutAction.MergeLateWrites => MergeLateWrites(),
        RolloutAction.CheckSoak => CheckSoak(),
        RolloutAction.RetireCollection or RolloutAction.RemoveGreen => RemoveCollection(seen),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "the interpreter does not know this action"),
    };

    /// <summary>The next revision, where this process has a lease epoch.</summary>
    private Revision NextRevision() => Revision.Of(Is(Mutation.NoLeaseEpochs) ? 1 : epoch!.Value, ++sequence);

    private Call<Done> TakeEpoch() => new(CallKind.State, "take a lease epoch", () =>
    {
        var answer = world.State.TakeEpoch();
        (epoch, sequence) = ((int)answer.Number, 0);
        return answer;
    });

    private Call<Done> Save(Rollout rollout, bool finished = false) =>
        new(CallKind.State, $"save {rollout.Phase}", () => world.State.Save(this, rollout, finished));

    private bool Is(Mutation mutation) => world.Mutation == mutation;

    private static Call<Done> Wait(TimeSpan span) => new(CallKind.Wait, $"wait {span}", () => new(0)) { Span = span };

    private Call<IReadOnlyDictionary<string, string>> Aliases() => new(CallKind.Read, "list aliases", () =>
    {
        AliasesReadAt = world.Tick;
        return new Dictionary<string, string>(world.Qdrant.Aliases, StringComparer.Ordinal);
    });

    private Call<IReadOnlyDictionary<string, string>> AliasesOfTheOtherPeer() => new(CallKind.Read, "list aliases of the other peer", () =>
        new Dictionary<string, string>(world.Qdrant.AliasesOfTheOtherPeer, StringComparer.Ordinal));

    private Call<string> Exists(string collection) => new(CallKind.Read, $"look for {collection}", () => world.Qdrant.Exists(collection) ? "yes" : "no");

    /// <summary>What a marker counts; null where it sees one shard of several.</summary>
    private ulong? Counted(Call<Done> marker) => world.Circumstances.ManyShards ? null : marker.Answer.Number;

    /// <summary>Applications' requests that have reached the shard are applied before a marker is answered.</summary>
    private Call<Done> Marker(string collection, bool flush = true) => new(CallKind.Data, $"set a marker in {collection}", () =>
    {
        if (flush)
        {
            world.LandAll(collection);
        }

        return world.Qdrant.Find(collection) is { } there ? new(there.Count()) : null;
    });
}
