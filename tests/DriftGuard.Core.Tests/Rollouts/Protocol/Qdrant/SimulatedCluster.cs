using DriftGuard.Core.Rollouts;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

/// <summary>The condition of a write: whether it applies to a point that is there.</summary>
internal delegate bool Condition(SimulatedPoint there);

/// <summary>What an upsert does with points that are there or missing. 1.16 ignores it.</summary>
internal enum UpdateMode
{
    Upsert,
    InsertOnly,
    UpdateOnly,
}

/// <summary>
/// Qdrant as it behaves: conditional writes insert what is missing, writes by filter leave it, the actions of an alias change are saved
/// one by one, a deleted collection takes its aliases along. A second peer may know an earlier state of the aliases.
/// </summary>
internal sealed class SimulatedCluster(bool honoursUpdateMode)
{
    private readonly Dictionary<string, SimulatedCollection> collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);
    private Dictionary<string, string>? lagging;

    /// <summary>Called after each action of an alias change.</summary>
    public Action<AliasMove> OnMoved { get; set; } = _ => { };

    /// <summary>Called before a collection is deleted, with the time at which its aliases were looked at.</summary>
    public Action<string, long> OnDeleting { get; set; } = (_, _) => { };

    public IReadOnlyDictionary<string, string> Aliases => aliases;

    /// <summary>The aliases as the other peer knows them.</summary>
    public IReadOnlyDictionary<string, string> AliasesOfTheOtherPeer => lagging ?? aliases;

    public bool PeerLags
    {
        get => lagging is not null;
        set => lagging = value ? lagging ?? new(aliases, StringComparer.Ordinal) : null;
    }

    public bool Exists(string collection) => collections.ContainsKey(collection);

    /// <summary>The collection of a name or an alias; null if there is none.</summary>
    public SimulatedCollection? Find(string name, bool otherPeer = false) =>
        collections.GetValueOrDefault((otherPeer ? AliasesOfTheOtherPeer : aliases).GetValueOrDefault(name) ?? name);

    public bool Create(string collection, string fingerprint) => collections.TryAdd(collection, new(collection, fingerprint));

    public bool Delete(string collection, long lookedAt = 0)
    {
        if (!collections.ContainsKey(collection))
        {
            return false;
        }

        OnDeleting(collection, lookedAt);
        foreach (var alias in aliases.Where(a => a.Value == collection).Select(a => a.Key).ToList())
        {
            aliases.Remove(alias);
        }

        return collections.Remove(collection);
    }

    /// <summary>Runs the actions in order up to the first that fails, or until the server is cut off.</summary>
    /// <returns>Whether all of them ran.</returns>
    public bool Change(IReadOnlyList<AliasMove> moves, int cutOffAfter = int.MaxValue)
    {
        foreach (var (done, move) in moves.Index())
        {
            if (done >= cutOffAfter || !Move(move))
            {
                return false;
            }

            OnMoved(move);
        }

        return true;
    }

    /// <summary>Inserts, or replaces where the condition holds; null if the collection is missing.</summary>
    public ulong? Upsert(
        string name, IReadOnlyList<(int Id, SimulatedPoint Point)> points, Condition? condition = null, UpdateMode mode = UpdateMode.Upsert, bool otherPeer = false)
    {
        if (Find(name, otherPeer) is not { } collection)
        {
            return null;
        }

        foreach (var (id, point) in points)
        {
            var isThere = collection.Points.TryGetValue(id, out var there);
            var allowed = !honoursUpdateMode || mode == UpdateMode.Upsert || (mode == UpdateMode.UpdateOnly) == isThere;
            if (allowed && (!isThere || condition?.Invoke(there!) != false))
            {
                collection.Points[id] = point;
                collection.Diverging.Remove(id);
            }
        }

        return collection.Count();
    }

    /// <summary>Replaces a point's vector; null where the collection or the point is missing.</summary>
    public ulong? UpdateVector(string name, int id, Vector vector, Condition? condition = null) =>
        Find(name) is { } collection && collection.Points.TryGetValue(id, out var there)
            ? Changed(collection, id, condition?.Invoke(there) == false ? there : there with { Vector = vector })
            : null;

    /// <summary>Changes payload or stamp by filter: what is missing or does not match is left.</summary>
    public ulong? ChangeByFilter(string name, int id, Condition condition, Func<SimulatedPoint, SimulatedPoint> change) =>
        Find(name) is not { } collection ? null
        : collection.Points.TryGetValue(id, out var there) && condition(there) ? Changed(collection, id, change(there)) : collection.Count();

    /// <summary>Changes a payload by id; null where the collection or the point is missing.</summary>
    public ulong? SetPayload(string name, int id, Func<SimulatedPoint, SimulatedPoint> change) =>
        Find(name) is { } collection && collection.Points.TryGetValue(id, out var there) ? Changed(collection, id, change(there)) : null;

    /// <summary>Deletes a point where the condition holds; a missing one is no error, and counts as an operation all the same.</summary>
    public ulong? Remove(string name, int id, Condition? condition = null, bool otherPeer = false)
    {
        if (Find(name, otherPeer) is not { } collection)
        {
            return null;
        }

        if (collection.Points.TryGetValue(id, out var there) && condition?.Invoke(there) != false)
        {
            collection.Points.Remove(id);
        }

        return collection.Count(id);
    }

    private static ulong Changed(SimulatedCollection collection, int id, SimulatedPoint point)
    {
        collection.Points[id] = point;
        return collection.Count(id);
    }

    private bool Move(AliasMove move)
    {
        switch (move)
        {
            case AliasMove.Point(var alias, var collection):
                if (Exists(collection))
                {
                    aliases[alias] = collection;
                }

                return Exists(collection);
            case AliasMove.Rename(var from, var to):
                return aliases.Remove(from, out var target) && (aliases[to] = target) is not null;
            case AliasMove.Drop(var alias):
                aliases.Remove(alias);
                return true;
            default:
                return false;
        }
    }
}
