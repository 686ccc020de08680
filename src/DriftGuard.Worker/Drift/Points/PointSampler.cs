using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>Draws points of a collection systematically in the order of their ids, and reads them.</summary>
internal sealed class PointSampler(QdrantStore qdrant)
{
    private const int IdsAPage = 10_000;
    private const int PointsARead = 200;

    /// <summary>Draws points: every k-th in id order, from a random one on.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="corpus">Where the texts are, and which vector is looked at.</param>
    /// <param name="size">How many; all, where there are fewer.</param>
    /// <param name="seed">Seed of the first one.</param>
    /// <param name="not">Points that are passed over.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The points in id order, and how many points the collection has.</returns>
    public async Task<(IReadOnlyList<SampledDocument> Points, long Population)> DrawAsync(
        string collection, IndexCorpus corpus, int size, int seed, IReadOnlySet<PointId> not, CancellationToken cancellation)
    {
        var population = (long)await qdrant.CountAsync(collection, cancellationToken: cancellation);
        var ids = new List<PointId>();
        if (population > 0)
        {
            using var wanted = SystematicSample.Positions(population, size, seed).GetEnumerator();
            var (more, position) = (wanted.MoveNext(), 0L);
            await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, ReadShape.Ids, null, cancellation))
            {
                foreach (var point in page.Points)
                {
                    if (more && position == wanted.Current)
                    {
                        ids.Add(WireForms.IdOf(point));
                        more = wanted.MoveNext();
                    }

                    position++;
                }

                if (!more)
                {
                    break;
                }
            }
        }

        return (await ReadAsync(collection, corpus, [.. ids.Where(id => !not.Contains(id))], cancellation), population);
    }

    /// <summary>Reads points with payload and vector, in id order; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<SampledDocument>> ReadAsync(string collection, IndexCorpus corpus, IReadOnlyCollection<PointId> ids, CancellationToken cancellation)
    {
        var read = new List<SampledDocument>(ids.Count);
        foreach (var chunk in ids.Chunk(PointsARead))
        {
            var points = await qdrant.RetrieveAsync(collection, chunk, corpus.Owned, cancellation);
            var texts = await corpus.Source.TextsAsync(points, cancellation);
            read.AddRange(points.Select((point, i) => Of(point, texts[i].Text, corpus.Vector)));
        }

        read.Sort((left, right) => left.Id.CompareTo(right.Id));
        return read;
    }

    private static SampledDocument Of(RetrievedPoint point, string? text, string vector)
    {
        var stamp = StampPayload.Read(point.Payload);
        point.Payload.Remove(StampPayload.Key);
        return new(WireForms.IdOf(point), text, WireForms.VectorOf(point, vector), stamp, point.Payload);
    }
}
