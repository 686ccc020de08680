using DriftGuard.Qdrant.Embedded.Points;

namespace DriftGuard.Qdrant.Embedded.Operations;

/// <summary>Deletes points; ids that are not there are fine.</summary>
internal static class Delete
{
    public static Action<PointStore, WritePlan> Of(PointSelection selection) => (points, plan) =>
    {
        foreach (var slot in selection.Slots(points, mustExist: false))
            plan.Add(new PlannedRow(RowChange.Delete, slot, points.KeyOf(slot), [], 0, 0));
    };
}
