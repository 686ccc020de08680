using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>Which points a write is about: ids, or a filter. A write by filter does nothing where nothing matches.</summary>
public sealed class PointSelection
{
    private PointSelection(PointsSelector wire) => Wire = wire;

    internal PointsSelector Wire { get; }

    /// <summary>Whether it names ids, so that a repeat of the same write is harmless.</summary>
    internal bool ByIds => Wire.PointsSelectorOneOfCase == PointsSelector.PointsSelectorOneOfOneofCase.Points;

    /// <summary>These ids.</summary>
    public static PointSelection Of(params IEnumerable<PointId> ids)
    {
        var list = new PointsIdsList();
        foreach (var id in ids)
            list.Ids.Add(id.ToWire());
        return new(new PointsSelector { Points = list });
    }

    /// <summary>What the filter matches at the moment of the write.</summary>
    public static PointSelection Where(Filter filter) => new(new PointsSelector { Filter = filter });
}
