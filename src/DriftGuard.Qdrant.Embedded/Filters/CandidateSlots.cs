using DriftGuard.Qdrant.Embedded.Points;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>Where to look for what a filter matches: only at the ids it requires, if it requires some, else everywhere.</summary>
internal static class CandidateSlots
{
    /// <summary>The slots of points that the filter could match; it must still be asked of each.</summary>
    public static IEnumerable<int> Of(PointStore points, FilterCondition? filter) =>
        Required(points, filter) ?? Enumerable.Range(0, points.SlotCount).Where(points.IsLive);

    /// <summary>The slots of the ids that the filter requires, or null where it requires none.</summary>
    public static IReadOnlyList<int>? Required(PointStore points, FilterCondition? filter)
    {
        var required = filter?.Must.OfType<HasId>().MinBy(condition => condition.Ids.Count);
        if (required is null) return null;
        var slots = new List<int>(required.Ids.Count);
        foreach (var id in required.Ids)
            if (points.TryGetSlot(id, out var slot)) slots.Add(slot);
        return slots;
    }
}
