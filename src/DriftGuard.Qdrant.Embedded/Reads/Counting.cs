using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Filters;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>How many points a filter matches; always exact.</summary>
internal static class Counting
{
    public static ulong Count(Collection collection, CountPoints request)
    {
        collection.Limits.CheckRead(request.Filter, limit: null, request.HasTimeout ? request.Timeout : null);
        var filter = FilterCondition.Of(request.Filter);
        return collection.Read(points =>
        {
            if (filter is null) return (ulong)points.Count;
            ulong count = 0;
            var target = new StoredPointTarget(points);
            foreach (var slot in CandidateSlots.Of(points, filter))
                if (filter.Matches(target.At(slot))) count++;
            return count;
        });
    }
}
