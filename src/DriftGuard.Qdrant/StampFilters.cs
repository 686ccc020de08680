using DriftGuard.Core.Points;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;
using WireRange = Qdrant.Client.Grpc.Range;

namespace DriftGuard.Qdrant;

/// <summary>The filters of conditional writes. For an upsert, a missing point is inserted whatever the filter says.</summary>
public static class StampFilters
{
    /// <summary>Matches nothing: an upsert with it inserts what is missing and leaves what is there.</summary>
    public static Filter Nothing() => new() { Must = { new Condition { HasId = new HasIdCondition() } } };

    /// <summary>These points.</summary>
    public static Filter Ids(params IEnumerable<PointId> ids) => new() { Must = { HasId(ids) } };

    /// <summary>
    /// Points without a revision of at least this one. Unstamped points match: "older than" as a range would leave them out.
    /// </summary>
    public static Filter OlderThan(Revision revision) => new()
    {
        MustNot = { AtLeast(revision) },
    };

    /// <summary>Points with a revision of at least this one.</summary>
    public static Filter NotOlderThan(Revision revision) => new() { Must = { AtLeast(revision) } };

    /// <summary>Points whose stamp has this content hash and revision: compare and set.</summary>
    public static Filter Stamped(string contentHash, Revision revision) => new()
    {
        Must =
        {
            Keyword(StampPayload.ContentHashPath, contentHash),
            new Condition { Field = new FieldCondition { Key = StampPayload.RevisionPath, Match = new Match { Integer = revision.Value } } },
        },
    };

    /// <summary>Points that a cut-off update in three steps has marked with this nonce.</summary>
    public static Filter Pending(string nonce) => new() { Must = { Keyword(StampPayload.PendingPath, nonce) } };

    /// <summary>Points whose payload has this text under a key: repairs are conditional on the text.</summary>
    public static Filter TextIs(string key, string text) => new() { Must = { Keyword(key, text) } };

    /// <summary>Both filters, neither of which is changed.</summary>
    public static Filter And(Filter first, Filter second) => new()
    {
        Must = { new Condition { Filter = first }, new Condition { Filter = second } },
    };

    private static Condition AtLeast(Revision revision) =>
        new() { Field = new FieldCondition { Key = StampPayload.RevisionPath, Range = new WireRange { Gte = revision.Value } } };

    private static Condition HasId(IEnumerable<PointId> ids)
    {
        var condition = new HasIdCondition();
        foreach (var id in ids)
            condition.HasId.Add(id.ToWire());
        return new Condition { HasId = condition };
    }

    private static Condition Keyword(string key, string value) =>
        new() { Field = new FieldCondition { Key = key, Match = new Match { Keyword = value } } };
}
