using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Changes of points that were compared, each of which applies only where the point is still the one that was compared.</summary>
/// <param name="qdrant">Where the collections are.</param>
/// <param name="revisions">Of what is written.</param>
/// <param name="target">The collection that is written to.</param>
/// <param name="textField">The payload field of the text; null where it is not one field.</param>
/// <param name="serves">Applications write to it: then a stamp alone does not tell, since a text that is set in place leaves it as it is.</param>
internal sealed class ComparedWrites(QdrantStore qdrant, RevisionSource revisions, string target, string? textField, bool serves)
{
    /// <summary>The point, as long as it is as it was compared: by its stamp; one that has none by its text.</summary>
    public Filter AsCompared(Compared compared)
    {
        var point = compared.TargetStamp is { } stamp
            ? StampFilters.And(StampFilters.Ids(compared.Id), StampFilters.Stamped(stamp.ContentHash, stamp.Revision))
            : StampFilters.And(StampFilters.Ids(compared.Id), StampFilters.OlderThan(Revision.Of(0)));
        return compared.TargetText is { } text && textField is not null && (serves || compared.TargetStamp is null)
            ? StampFilters.And(point, StampFilters.TextIs(textField, text))
            : point;
    }

    /// <summary>Overwrites a payload that differs; the text is the same, so the vector stays.</summary>
    public async Task OverwritePayloadAsync(Compared compared, CancellationToken cancellation)
    {
        var payload = compared.Source.Payload;
        payload.Remove(StampPayload.Key);
        StampPayload.Write(payload, compared.TargetStamp! with { PayloadHash = PayloadHash.Of(payload), Revision = await revisions.NextAsync(cancellation) });
        await qdrant.OverwritePayloadAsync(target, PointSelection.Where(AsCompared(compared)), payload, cancellation);
    }

    /// <summary>Deletes points, as long as they are as they were compared: what is written under their ids later is not taken away by a delete that arrives late.</summary>
    public async Task DeleteAsync(IEnumerable<Compared> points, CancellationToken cancellation)
    {
        foreach (var compared in points)
        {
            await qdrant.DeleteAsync(target, PointSelection.Where(AsCompared(compared)), cancellation);
        }
    }

    /// <summary>Deletes points that the source does not have. Absence is never read from one scroll: each id is asked for again.</summary>
    /// <returns>Those that the source has after all.</returns>
    public async Task<IReadOnlyList<Compared>> DeleteConfirmedAsync(string source, IReadOnlyList<Compared> points, CancellationToken cancellation)
    {
        if (points.Count == 0)
        {
            return [];
        }

        var there = (await qdrant.RetrieveAsync(source, [.. points.Select(p => p.Id)], ReadShape.Ids, cancellation)).Select(WireForms.IdOf).ToHashSet();
        await DeleteAsync(points.Where(p => !there.Contains(p.Id)), cancellation);
        return [.. points.Where(p => there.Contains(p.Id))];
    }
}
