using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Cuts the ids of a collection into ranges of about the same number of points.</summary>
internal sealed class PartitionPlanner(QdrantStore qdrant)
{
    private const int PointsAPartition = 10_000;
    private const int MostPartitions = 1_000;
    private const int IdsAPage = 10_000;

    /// <summary>The first partition starts at id 0, the last one is open; together they cover every id there can be.</summary>
    public async Task<IReadOnlyList<Partition>> PlanAsync(Rollout rollout, CancellationToken cancellation)
    {
        var points = (long)await qdrant.CountAsync(rollout.Blue, cancellationToken: cancellation);
        var wanted = rollout.Settings.Partitions > 0 ? rollout.Settings.Partitions : (int)Math.Clamp(points / PointsAPartition, 1, MostPartitions);
        var borders = await BordersAsync(rollout.Blue, points, wanted, cancellation);
        return [.. Enumerable.Range(0, borders.Count + 1).Select(i =>
        {
            var start = (i == 0 ? PointId.First : borders[i - 1]).ToString();
            return new Partition(rollout.Id, i, start, i < borders.Count ? borders[i].ToString() : null, start, 0, 0, 0, false);
        })];
    }

    private async Task<List<PointId>> BordersAsync(string collection, long points, int wanted, CancellationToken cancellation)
    {
        var borders = new List<PointId>();
        var size = Math.Max(1, points / wanted);
        long position = 0;
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, IdsAPage, ReadShape.Ids, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                if (position++ > 0 && (position - 1) % size == 0 && borders.Count < wanted - 1)
                {
                    borders.Add(WireForms.IdOf(point));
                }
            }
        }

        return borders;
    }
}
