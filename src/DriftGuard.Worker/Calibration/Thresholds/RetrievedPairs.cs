using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Pairs without labels where there is no file of any: a set's queries, each with documents that it finds in the index.</summary>
internal sealed class RetrievedPairs(QdrantStore qdrant)
{
    /// <summary>Documents a query: scores from the best match down, around which thresholds lie.</summary>
    private const int Depth = 10;

    private const int MostPairs = 1_000;

    /// <summary>A random part of the pairs where there are more than a thousand; their scores as labels mean nothing.</summary>
    public async Task<IReadOnlyList<LabelledPair>> DrawAsync(ServingIndex index, ITextEmbedder model, CalibrationSet set, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var queries = RandomDraw.Of(set.Queries, MostPairs, random);
        if (queries.Count == 0)
        {
            return [];
        }

        var outcomes = await model.EmbedAsync([.. queries.Select(query => query.Text)], InputKind.Query, cancellation);
        var field = index.Definition.TextField;
        var asked = queries.Zip(outcomes).Where(query => query.Second.IsEmbedded).ToList();
        var found = await qdrant.SearchBatchAsync(
            index.Collection, asked.ConvertAll(query => new NearestQuery(query.Second.Vector) { Limit = Depth, Payload = PayloadSelection.Keys(field) }), cancellation);
        List<LabelledPair> pairs =
        [
            .. asked.SelectMany((query, i) => found[i].Select(hit => PayloadText.Of(hit.Payload, field)).OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text))
                .Select(text => new LabelledPair(0, query.First.Text, text))),
        ];
        return RandomDraw.Of(pairs, MostPairs, random);
    }
}
