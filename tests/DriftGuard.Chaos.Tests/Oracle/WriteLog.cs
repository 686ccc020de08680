using System.Globalization;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Oracle;

/// <summary>
/// What every acknowledged write left of every document. A write whose answer was lost leaves two possibilities, until the next
/// acknowledged one that does not depend on them.
/// </summary>
internal sealed class WriteLog
{
    private const int RememberedWrites = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<PointId, List<MapField<string, Value>?>> _possible = [];
    private readonly Dictionary<PointId, Queue<string>> _history = [];

    /// <summary>Writes that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Writes whose answer was lost.</summary>
    public int Unknown { get; private set; }

    /// <summary>Every document that was ever written.</summary>
    public IReadOnlyList<PointId> Ids
    {
        get
        {
            lock (_lock)
                return [.. _possible.Keys];
        }
    }

    /// <summary>What a document may be now, null for absent; empty for one that was never written.</summary>
    public IReadOnlyList<MapField<string, Value>?> PossibleOf(PointId id)
    {
        lock (_lock)
            return _possible.TryGetValue(id, out var states) ? [.. states] : [];
    }

    /// <summary>The last writes to a document, for people.</summary>
    public string HistoryOf(PointId id)
    {
        lock (_lock)
            return _history.TryGetValue(id, out var writes) ? string.Join(" | ", writes) : "never written";
    }

    /// <summary>Records a write.</summary>
    /// <param name="id">The document.</param>
    /// <param name="what">For people.</param>
    /// <param name="acknowledged">Whether the answer came.</param>
    /// <param name="apply">What the write makes of a document.</param>
    public void Add(PointId id, string what, bool acknowledged, Func<MapField<string, Value>?, MapField<string, Value>?> apply)
    {
        lock (_lock)
        {
            var before = _possible.TryGetValue(id, out var there) ? there : [null];
            IEnumerable<MapField<string, Value>?> after = before.Select(state => apply(state?.Clone()));
            after = acknowledged ? after : after.Concat(before);
            _possible[id] = [.. after.DistinctBy(state => state is null ? "" : PayloadJson.ToJson(state), StringComparer.Ordinal)];
            (Acknowledged, Unknown) = acknowledged ? (Acknowledged + 1, Unknown) : (Acknowledged, Unknown + 1);
            if (!_history.TryGetValue(id, out var writes))
                _history[id] = writes = new();
            writes.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss.fff} {what}{(acknowledged ? "" : " (answer lost)")}"));
            if (writes.Count > RememberedWrites)
                writes.Dequeue();
        }
    }
}
