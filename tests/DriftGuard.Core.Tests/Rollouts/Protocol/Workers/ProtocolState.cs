using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>The state store: rollouts that only the holder of the lease may save, partitions whose cursors are fenced by the attempt.</summary>
internal sealed class ProtocolState(Mutation mutation)
{
    private readonly Dictionary<string, (Rollout Rollout, bool Finished)> rollouts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RolloutRequest>> requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Partition[]> partitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Of, HashSet<int> Ids)> idSets = new(StringComparer.Ordinal);
    private int epoch;

    /// <summary>Writes through DriftGuard.</summary>
    public Outbox Outbox { get; } = new(mutation);

    /// <summary>The latest lease epoch that was given out.</summary>
    public int LatestEpoch => epoch;

    /// <summary>Called before a rollout is saved.</summary>
    public Action<Rollout> OnSaving { get; set; } = _ => { };

    public WorkerProcess? LeaseHolder { get; set; }

    public Rollout? Latest { get; private set; }

    public IReadOnlyList<string> Unfinished => [.. rollouts.Where(r => !r.Value.Finished).Select(r => r.Key)];

    public Rollout Find(string id) => rollouts[id].Rollout;

    public void Add(Rollout rollout)
    {
        rollouts.Add(rollout.Id, (rollout, false));
        requests.Add(rollout.Id, []);
        Latest = rollout;
    }

    /// <summary>Null where the lease was lost.</summary>
    public Done? Save(WorkerProcess by, Rollout rollout, bool finished)
    {
        if (by != LeaseHolder && mutation != Mutation.StateWithoutLease)
        {
            return null;
        }

        OnSaving(rollout);
        rollouts[rollout.Id] = (rollout, finished);
        Latest = rollout.Id == Latest!.Id ? rollout : Latest;
        if (finished && Unfinished.Count == 0)
        {
            Outbox.Forget();
        }

        return new(0);
    }

    public RolloutRequests Requests(string id) => RolloutRequests.Reduce(requests[id]);

    public void Ask(string id, RequestKind kind, DateTimeOffset at) => requests[id].Add(
        new(requests[id].Count + 1, kind, "test", at, kind == RequestKind.Approve ? Find(id).Gate?.EvaluationId : null));

    /// <summary>Takes the next lease epoch.</summary>
    public Done TakeEpoch() => new((ulong)++epoch);

    public IReadOnlyList<Partition> Partitions(string id) => partitions.GetValueOrDefault(id) ?? [];

    /// <summary>Those that are there already stay as they are.</summary>
    public Done AddPartitions(string id, IEnumerable<Partition> planned)
    {
        partitions.TryAdd(id, [.. planned]);
        return new((ulong)partitions[id].Length);
    }

    public Done KeepIds(string id, DateTimeOffset of, IEnumerable<int> ids)
    {
        idSets[id] = (of, [.. ids]);
        return new(0);
    }

    /// <summary>Null where those of another pass are kept, or none.</summary>
    public HashSet<int>? IdsOf(string id, DateTimeOffset of) => idSets.TryGetValue(id, out var kept) && kept.Of == of ? kept.Ids : null;

    public Done DropIds(string id) => new(idSets.Remove(id) ? 1u : 0u);

    public Partition Claim(string id, int ordinal)
    {
        ref var partition = ref partitions[id][ordinal];
        return partition = partition with { Attempt = partition.Attempt + 1 };
    }

    /// <summary>Null if another attempt has taken the partition.</summary>
    public Done? Advance(string id, int ordinal, int attempt, string cursor, bool done)
    {
        ref var partition = ref partitions[id][ordinal];
        if (partition.Attempt != attempt && mutation != Mutation.CursorWithoutAttempt)
        {
            return null;
        }

        if ((partition.Done && !done) || int.Parse(cursor, null) < int.Parse(partition.Cursor, null))
        {
            throw new InvariantViolation(10, $"the cursor of partition {ordinal} of {id} goes back");
        }

        partition = partition with { Cursor = cursor, Done = done };
        return new(0);
    }
}

/// <summary>The answer to a write.</summary>
/// <param name="Number">The operation's number.</param>
internal sealed record Done(ulong Number);
