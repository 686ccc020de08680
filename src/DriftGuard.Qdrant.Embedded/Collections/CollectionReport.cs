using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The info of a collection as Qdrant reports it. There is nothing to optimise here, so it is always green.</summary>
internal static class CollectionReport
{
    private const int BytesPerKilobyte = 1024;

    public static CollectionInfo Of(Collection collection)
    {
        var stored = collection.Stored;
        var info = new CollectionInfo
        {
            Status = CollectionStatus.Green,
            OptimizerStatus = new OptimizerStatus { Ok = true },
            SegmentsCount = 1,
            Config = stored.Config,
            UpdateQueue = new UpdateQueueInfo(),
        };
        collection.Read(points =>
        {
            info.PointsCount = (ulong)points.Count;
            info.IndexedVectorsCount = points.Spaces.Aggregate(0UL, (sum, space) =>
                sum + Indexed(space.Arena.Count, space.Size, stored.Config.OptimizerConfig.IndexingThreshold));
            foreach (var (field, schema) in stored.PayloadSchema)
            {
                var counted = schema.Clone();
                counted.Points = collection.Counts.Of(field, schema.DataType, points);
                info.PayloadSchema.Add(field, counted);
            }

            return points.Count;
        });
        return info;
    }

    /// <summary>
    /// Every vector is searched exactly and none waits for an index. Reported is what Qdrant would report once it is done: all of them where
    /// they are more than the threshold (kilobytes) and indexing is on, else none.
    /// </summary>
    private static ulong Indexed(int vectors, int size, ulong threshold) =>
        threshold > 0 && (ulong)vectors * (ulong)size * sizeof(float) / BytesPerKilobyte > threshold ? (ulong)vectors : 0;
}
