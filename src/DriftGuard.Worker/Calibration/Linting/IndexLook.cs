using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Linting;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>What an index shows of a set: what its searches find, which labels are stale, and the texts of both.</summary>
/// <param name="Retrieved">What the collection that serves finds, as users search.</param>
/// <param name="Stale">Relevant documents that it does not hold.</param>
/// <param name="Documents">Texts of the relevant and the found documents, by id.</param>
internal sealed record IndexLook(RetrievedSide Retrieved, StaleLabels Stale, IReadOnlyDictionary<string, string> Documents);

/// <summary>Looks at an index with a set.</summary>
internal sealed class IndexLooker(QdrantStore qdrant, ModelPool models, CollectionScorer scorer, LabelReader labels)
{
    private const int IdsAPage = 500;

    /// <summary>Searches with all queries and reads what they should and do find.</summary>
    public async Task<IndexLook> LookAsync(ServingIndex index, CalibrationSet set, int depth, CancellationToken cancellation)
    {
        var model = index.RequireModel();
        var found = set.Queries.Count == 0 ? []
            : await scorer.SearchAsUsersAsync(index.Collection, models.Get(model, index.Fingerprint), set, depth, cancellation);
        IReadOnlyList<IReadOnlyList<string>> first = [.. found.Select(results => (IReadOnlyList<string>)[.. results.Take(depth)])];
        var named = LabelReader.RelevantOf(set).Concat(first.SelectMany(results => results)).Distinct(StringComparer.Ordinal).ToList();
        var points = await labels.FindAsync(index.Collection, set, named, cancellation);
        return new(
            new($"{model} in {index.Collection}", first),
            StaleLabels.Find(set, points.ContainsKey),
            await TextsAsync(index, points, cancellation));
    }

    /// <summary>A document in pieces has the text of its first; one that is found by its point alone is named by that.</summary>
    private async Task<IReadOnlyDictionary<string, string>> TextsAsync(
        ServingIndex index, IReadOnlyDictionary<string, IReadOnlyList<PointId>> points, CancellationToken cancellation)
    {
        var field = index.Definition.TextField;
        var (documentOf, texts) = (points.ToDictionary(found => found.Value[0], found => found.Key), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var page in documentOf.Keys.Chunk(IdsAPage))
        {
            foreach (var point in await qdrant.RetrieveAsync(index.Collection, page, new(PayloadSelection.Keys(field)), cancellation))
            {
                if (PayloadText.Of(point.Payload, field) is { } text)
                {
                    texts[documentOf[WireForms.IdOf(point)]] = text;
                }
            }
        }

        return texts;
    }
}
