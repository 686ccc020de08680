using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Points;
using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Operations;

/// <summary>Changes of vectors that leave the payload alone.</summary>
internal static class VectorOperations
{
    /// <summary>Sets the vectors that are named and keeps the others. A point that is not there refuses the operation.</summary>
    public static Action<PointStore, WritePlan> Update(IReadOnlyList<PointVectors> inputs, Filter? updateFilter)
    {
        if (inputs.Count == 0) throw Refusal.BadRequest("Empty update request");
        var ids = inputs.Select(input => PointKey.Of(input.Id)).ToArray();
        var filter = FilterCondition.Of(updateFilter);
        return (points, plan) =>
        {
            var target = new StoredPointTarget(points);
            var given = new Dictionary<int, Dictionary<VectorSpace, PlannedVector>>();
            for (var i = 0; i < ids.Length; i++)
            {
                var first = plan.VectorsSoFar;
                var count = VectorInputs.Add(inputs[i].Vectors?.ToByteArray() ?? [], points, plan);
                if (!points.TryGetSlot(ids[i], out var slot)) throw Refusal.NoPoint(ids[i].ToString());
                if (!(filter?.Matches(target.At(slot)) ?? true)) continue;
                if (!given.TryGetValue(slot, out var vectors)) given[slot] = vectors = [];
                for (var vector = first; vector < first + count; vector++) vectors[plan.VectorAt(vector).Space] = plan.VectorAt(vector);
            }

            foreach (var (slot, vectors) in given) Plan(points, plan, slot, space => vectors.TryGetValue(space, out var vector) ? vector : null, _ => true);
        };
    }

    /// <summary>Deletes the named vectors of points; a point that does not have one is fine.</summary>
    public static Action<PointStore, WritePlan> Delete(PointSelection selection, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) throw Refusal.Validation("vector_names", "must specify vector names to delete");
        return (points, plan) =>
        {
            var deleted = names.Select(points.SpaceOrRefuse).ToHashSet();
            foreach (var slot in selection.Slots(points, mustExist: true)) Plan(points, plan, slot, _ => null, space => !deleted.Contains(space));
        };
    }

    /// <summary>Plans all vectors that a point has afterwards: the given ones, and the stored ones that are kept.</summary>
    private static void Plan(PointStore points, WritePlan plan, int slot, Func<VectorSpace, PlannedVector?> given, Func<VectorSpace, bool> keeps)
    {
        var first = plan.VectorsSoFar;
        foreach (var space in points.Spaces)
        {
            if (given(space) is { } vector) plan.AddAgain(vector);
            else if (space.Arena.Has(slot) && keeps(space)) plan.AddStored(space, slot);
        }

        plan.Add(new PlannedRow(RowChange.Vectors, slot, points.KeyOf(slot), [], first, plan.VectorsSoFar - first));
    }
}
