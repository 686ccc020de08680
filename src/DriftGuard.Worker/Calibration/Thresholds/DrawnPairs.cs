using DriftGuard.Core.Calibration;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>
/// Pairs without labels where there is no file of any: a set's queries, each with its relevant documents and with others drawn at random.
/// Neither model has a say in which. Pairs that the old one ranks first are those that it scores high, by chance too; the new one scores the
/// same pairs nearer to its middle, and a threshold that is matched on them comes out too low.
/// </summary>
internal sealed class DrawnPairs(PointSampler sampler, LabelReader labels, DocumentTexts texts, IndexCorpora corpora)
{
    /// <summary>More of one query's relevant documents would let it outweigh the others.</summary>
    private const int MostRelevant = 5;

    /// <summary>As many of another kind that pairs below the threshold are there at all, and not so many that those above it are few.</summary>
    private const int AtRandom = 4;

    private const int MostPairs = 1_000;

    /// <summary>A random part of the pairs where there are more than a thousand; their scores as labels mean nothing.</summary>
    public async Task<IReadOnlyList<LabelledPair>> DrawAsync(ServingIndex index, CalibrationSet set, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var queries = RandomDraw.Of(set.Queries, MostPairs / (1 + AtRandom), random);
        if (queries.Count == 0)
        {
            return [];
        }

        var corpus = corpora.Of(index.Definition);
        var relevant = queries.ToDictionary(query => query.Id, query => RandomDraw.Of([.. set.Qrels.RelevantTo(query.Id).Order(StringComparer.Ordinal)], MostRelevant, random), StringComparer.Ordinal);
        var points = await labels.FindAsync(index.Collection, set, [.. relevant.Values.SelectMany(ids => ids).Distinct(StringComparer.Ordinal)], cancellation);
        var textOf = await texts.ReadAsync(index.Collection, points, corpus, cancellation);
        var (sample, _) = await sampler.DrawAsync(index.Collection, corpus, MostPairs, seed, new HashSet<PointId>(), cancellation);
        List<string> others = [.. sample.Select(document => document.Text).OfType<string>()];
        List<LabelledPair> pairs = [];
        foreach (var query in queries)
        {
            var documents = relevant[query.Id].Where(textOf.ContainsKey).Select(id => textOf[id]).Concat(RandomDraw.Of(others, AtRandom, random));
            pairs.AddRange(documents.Where(text => !string.IsNullOrWhiteSpace(text)).Distinct(StringComparer.Ordinal).Select(text => new LabelledPair(0, query.Text, text)));
        }

        return RandomDraw.Of(pairs, MostPairs, random);
    }
}
