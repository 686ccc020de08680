using DriftGuard.Core.Calibration;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Evaluation;

/// <summary>What a preflight looks at: whole groups of queries, all their relevant documents, and random others.</summary>
/// <param name="Queries">Positions of the chosen queries in the set.</param>
/// <param name="Documents">Ids of the chosen documents with the points they are stored as.</param>
/// <param name="Seed">Seed of the draw.</param>
internal sealed record SubCorpus(IReadOnlyList<int> Queries, IReadOnlyList<(string DocumentId, PointId Point)> Documents, int Seed);

/// <summary>
/// Draws a sub-corpus. Groups are taken whole, since queries that share relevant documents move together, and their relevant documents
/// are never thinned out, since that would bias the difference; a tenth of the documents at least are others.
/// </summary>
internal sealed class SubCorpusSampler(QdrantStore qdrant, LabelReader labels)
{
    private const int QueriesWanted = 300;
    private const int DocumentBudget = 5_000;
    private const double ShareOfOthers = .1;
    private const int IdsAPage = 10_000;

    public async Task<SubCorpus> DrawAsync(string collection, CalibrationSet set, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var groups = set.Queries.Select((query, position) => (query, position)).GroupBy(q => q.query.Group).ToArray();
        random.Shuffle(groups);
        var (queries, relevant) = (new List<int>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var group in groups)
        {
            var more = group.SelectMany(q => set.Qrels.RelevantTo(q.query.Id)).ToList();
            if (queries.Count > 0 && (queries.Count >= QueriesWanted || relevant.Count + more.Count > DocumentBudget))
            {
                break;
            }

            queries.AddRange(group.Select(q => q.position));
            relevant.UnionWith(more);
        }

        var points = await labels.FindAsync(collection, set, relevant, cancellation);
        var documents = points.SelectMany(p => p.Value.Select(point => (p.Key, point))).ToList();
        var others = Math.Max(20, (int)Math.Ceiling(documents.Count * ShareOfOthers / (1 - ShareOfOthers)));
        documents.AddRange(await OthersAsync(collection, [.. points.Values.SelectMany(p => p)], others, random, cancellation));
        queries.Sort();
        return new(queries, documents, seed);
    }

    /// <summary>A uniform sample of the other points in one walk over the ids (reservoir sampling, Vitter 1985).</summary>
    private async Task<IEnumerable<(string, PointId)>> OthersAsync(
        string collection, HashSet<PointId> taken, int wanted, Random random, CancellationToken cancellation)
    {
        var reservoir = new List<PointId>(wanted);
        long seen = 0;
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, ReadShape.Ids, null, cancellation))
        {
            foreach (var id in page.Points.Select(WireForms.IdOf).Where(id => !taken.Contains(id)))
            {
                seen++;
                if (reservoir.Count < wanted)
                {
                    reservoir.Add(id);
                }
                else if (random.NextInt64(seen) is var slot && slot < wanted)
                {
                    reservoir[(int)slot] = id;
                }
            }
        }

        return reservoir.Select(id => ($"point {id}", id));
    }
}
