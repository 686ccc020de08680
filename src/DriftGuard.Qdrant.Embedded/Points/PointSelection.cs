using DriftGuard.Qdrant.Embedded.Filters;
using Qdrant.Client.Grpc;
using SelectorCase = Qdrant.Client.Grpc.PointsSelector.PointsSelectorOneOfOneofCase;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>Which points an operation is about: those of a list of ids, or all that a filter matches.</summary>
internal sealed class PointSelection
{
    private readonly PointKey[]? _ids;
    private readonly FilterCondition? _filter;

    private PointSelection(PointKey[]? ids, Filter? filter)
    {
        _ids = ids;
        _filter = FilterCondition.Of(filter);
        Filter = filter;
    }

    /// <summary>The filter as it came, for the limits of strict mode.</summary>
    public Filter? Filter { get; }

    public static PointSelection Of(PointsSelector? selector) => selector?.PointsSelectorOneOfCase switch
    {
        SelectorCase.Points => new PointSelection([.. selector.Points.Ids.Select(PointKey.Of)], filter: null),
        SelectorCase.Filter => new PointSelection(ids: null, selector.Filter),
        _ => throw Refusal.Invalid("PointSelector is missing"),
    };

    /// <summary>The slots of the points that are there, each once. An id that is not there is left out, or refused if it must be.</summary>
    public List<int> Slots(PointStore points, bool mustExist)
    {
        var slots = new List<int>();
        if (_ids is null)
        {
            var target = new StoredPointTarget(points);
            slots.AddRange(CandidateSlots.Of(points, _filter).Where(slot => _filter?.Matches(target.At(slot)) ?? true));
            return slots;
        }

        foreach (var id in _ids.Distinct())
        {
            if (points.TryGetSlot(id, out var slot)) slots.Add(slot);
            else if (mustExist) throw Refusal.NoPoint(id.ToString());
        }

        return slots;
    }
}
