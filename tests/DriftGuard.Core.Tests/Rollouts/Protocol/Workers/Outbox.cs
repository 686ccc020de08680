using DriftGuard.Core.Points;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>A write through DriftGuard that was marked.</summary>
/// <param name="Sequence">Of the mark.</param>
/// <param name="Revision">Of what it writes.</param>
/// <param name="Until">After this it cannot be applied any more.</param>
internal sealed record OutboxMark(long Sequence, Revision Revision, DateTimeOffset Until);

/// <summary>The state of writes through DriftGuard: marks of ids, writes under way, and what holds them.</summary>
internal sealed class Outbox(Mutation mutation)
{
    /// <summary>As long as a write may be on its way: one deadline each to look where to, to be answered, and to be late.</summary>
    private static readonly TimeSpan LongestWrite = ProtocolWorld.WriteDeadline * 3;

    private readonly SortedDictionary<int, long> dirty = [];
    private readonly Dictionary<long, DateTimeOffset> underWay = [];
    private long sequence;

    /// <summary>The nonce of the fence that holds writes; null if none does.</summary>
    public string? HeldBy { get; private set; }

    /// <summary>Marks an id, and has a write of it under way; null while writes are held.</summary>
    public OutboxMark? Mark(int id, int epoch, DateTimeOffset now)
    {
        if (HeldBy is not null)
        {
            return null;
        }

        var mark = new OutboxMark(++sequence, Revision.Of(epoch, (1u << 31) | (uint)sequence), now + LongestWrite);
        if (mutation != Mutation.MarkedAfterTheWrite)
        {
            MakeDirty(id, mark);
            underWay[mark.Sequence] = mark.Until;
        }

        return mark;
    }

    public void MakeDirty(int id, OutboxMark mark) => dirty[id] = Math.Max(mark.Sequence, dirty.GetValueOrDefault(id));

    /// <summary>A write is done.</summary>
    public void End(int id, OutboxMark mark, bool anyRollout)
    {
        underWay.Remove(mark.Sequence);
        if (!anyRollout && dirty.GetValueOrDefault(id) == mark.Sequence)
        {
            dirty.Remove(id);
        }
    }

    /// <summary>Some write may still be applied.</summary>
    public bool IsUnderWay(DateTimeOffset now) => mutation != Mutation.WritesUnderWayNotWaitedFor && underWay.Values.Any(until => until > now);

    /// <summary>Null where another fence holds them.</summary>
    public Done? Hold(string nonce)
    {
        if (HeldBy is not null && HeldBy != nonce)
        {
            return null;
        }

        HeldBy = nonce;
        return new(0);
    }

    public Done Release(string nonce)
    {
        HeldBy = HeldBy == nonce ? null : HeldBy;
        return new(0);
    }

    /// <summary>The latest mark whose write is done, and all before it.</summary>
    public long DoneUpTo(DateTimeOffset now)
    {
        var latest = dirty.Count == 0 ? 0 : dirty.Values.Max();
        var open = underWay.Where(write => write.Value > now).Select(write => write.Key).ToList();
        return open.Count == 0 ? latest : Math.Min(latest, open.Min() - 1);
    }

    public IReadOnlyList<(int Id, long Sequence)> Dirty(long until) =>
        [.. dirty.Where(mark => mark.Value <= until || mutation == Mutation.MarksClearedUncompared).Select(mark => (mark.Key, mark.Value))];

    public bool IsDirty(int id) => dirty.ContainsKey(id);

    public Done Clear(IEnumerable<(int Id, long Sequence)> marks)
    {
        foreach (var (id, mark) in marks.Where(mark => dirty.GetValueOrDefault(mark.Id) == mark.Sequence))
        {
            dirty.Remove(id);
        }

        return new(0);
    }

    /// <summary>No rollout is looked after any more.</summary>
    public void Forget()
    {
        foreach (var id in dirty.Where(mark => !underWay.ContainsKey(mark.Value)).Select(mark => mark.Key).ToList())
        {
            dirty.Remove(id);
        }
    }
}
