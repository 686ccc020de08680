using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>
/// How many points have a value for each payload index, counted once for each state of the points: a count decodes every point, and clients
/// ask for a collection's info again and again.
/// </summary>
internal sealed class PayloadCounts(Func<PayloadSchemaType, string, PointStore, ulong> count)
{
    private readonly ConcurrentDictionary<(string Field, PayloadSchemaType Type), Counted> _counts = [];

    /// <summary>Called while no writer changes the points.</summary>
    public ulong Of(string field, PayloadSchemaType type, PointStore points)
    {
        if (_counts.TryGetValue((field, type), out var known) && known.Version == points.Version) return known.Points;
        var counted = new Counted(points.Version, count(type, field, points));
        _counts[(field, type)] = counted;
        return counted.Points;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Counted(ulong Version, ulong Points);
}
