using DriftGuard.Core.Calibration;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Looks up which of a calibration set's relevant documents a collection holds, and where.</summary>
internal sealed class LabelReader(QdrantStore qdrant)
{
    private const int IdsAPage = 500;

    /// <summary>Points of the relevant documents by document id: first by the point id that a load gives them, the rest by the id field.</summary>
    public async Task<IReadOnlyDictionary<string, PointId>> FindAsync(
        string collection, CalibrationSet set, IEnumerable<string> documentIds, CancellationToken cancellation)
    {
        var found = new Dictionary<string, PointId>(StringComparer.Ordinal);
        foreach (var page in documentIds.Distinct(StringComparer.Ordinal).Chunk(IdsAPage))
        {
            await FindByPointIdAsync(collection, set.Header.IdField, page, found, cancellation);
            if (set.Header.IdField is { } field)
            {
                await FindByFieldAsync(collection, field, [.. page.Where(id => !found.ContainsKey(id))], found, cancellation);
            }
        }

        return found;
    }

    /// <summary>The relevant documents that are not there.</summary>
    public async Task<StaleLabels> StaleAsync(string collection, CalibrationSet set, CancellationToken cancellation)
    {
        var relevant = set.Queries.SelectMany(q => set.Qrels[q.Id]).Where(j => j.Value >= 1).Select(j => j.Key);
        var known = await FindAsync(collection, set, relevant, cancellation);
        return StaleLabels.Find(set, known.ContainsKey);
    }

    private async Task FindByPointIdAsync(
        string collection, string? idField, string[] ids, Dictionary<string, PointId> found, CancellationToken cancellation)
    {
        var byPoint = new Dictionary<PointId, string>();
        foreach (var id in ids)
        {
            byPoint[PointId.FromText(id)] = id;
        }

        var shape = idField is null ? ReadShape.Ids : new(PayloadSelection.Keys(idField));
        foreach (var point in await qdrant.RetrieveAsync(collection, byPoint.Keys, shape, cancellation))
        {
            var (pointId, documentId) = (WireForms.IdOf(point), byPoint[WireForms.IdOf(point)]);
            if (idField is null || PayloadText.Of(point.Payload, idField) is not { } says || says == documentId)
            {
                found[documentId] = pointId;
            }
        }
    }

    private async Task FindByFieldAsync(
        string collection, string field, string[] ids, Dictionary<string, PointId> found, CancellationToken cancellation)
    {
        if (ids.Length == 0)
        {
            return;
        }

        var filter = new Filter
        {
            Must = { new Condition { Field = new() { Key = field, Match = new() { Keywords = new() { Strings = { ids } } } } } },
        };
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, new(PayloadSelection.Keys(field)), filter, cancellation))
        {
            foreach (var point in page.Points)
            {
                if (PayloadText.Of(point.Payload, field) is { } id)
                {
                    found.TryAdd(id, WireForms.IdOf(point));
                }
            }
        }
    }
}
