using System.Runtime.InteropServices;
using DriftGuard.Qdrant.Embedded.Filters;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Operations;

/// <summary>
/// Inserts points and replaces those that are there, as a whole. An update filter spares stored points that it does not match; a mode
/// may leave out the new or the stored ones. Both look at what was stored before the operation. Of points with the same id the last counts.
/// </summary>
internal static class Upsert
{
    public static Action<PointStore, WritePlan> Of(IReadOnlyList<PointInput> inputs, Filter? updateFilter, UpdateMode mode)
    {
        if (inputs.Count == 0) throw Refusal.BadRequest("Empty update request");
        if (mode is < UpdateMode.Upsert or > UpdateMode.UpdateOnly) throw Refusal.Unsupported($"update mode {(int)mode}");
        var filter = FilterCondition.Of(updateFilter);
        return (points, plan) => Decide(points, plan, inputs, filter, mode);
    }

    private static void Decide(PointStore points, WritePlan plan, IReadOnlyList<PointInput> inputs, FilterCondition? filter, UpdateMode mode)
    {
        plan.Reserve(inputs.Sum(input => (long)input.Vectors.Length) / sizeof(float));
        var target = new StoredPointTarget(points);
        var last = LastOfEachId(inputs);
        for (var i = 0; i < inputs.Count; i++)
        {
            var input = inputs[i];
            var first = plan.VectorsSoFar;
            var count = VectorInputs.Add(input.Vectors.Span, points, plan); // also of points that are spared: a wrong one refuses the whole request
            if (last is not null && last[input.Id] != i) continue;
            var stored = points.TryGetSlot(input.Id, out var slot);
            if (stored && (mode == UpdateMode.InsertOnly || !(filter?.Matches(target.At(slot)) ?? true))) continue;
            if (!stored && mode == UpdateMode.UpdateOnly) continue;
            plan.Add(new PlannedRow(RowChange.Put, stored ? slot : plan.TakeSlot(), input.Id, input.Payload, first, count));
        }
    }

    /// <summary>The index of the last point of each id, or null when every id comes once, as it nearly always does.</summary>
    private static Dictionary<PointKey, int>? LastOfEachId(IReadOnlyList<PointInput> inputs)
    {
        if (inputs.Count == 1) return null;
        var last = new Dictionary<PointKey, int>(inputs.Count);
        for (var i = 0; i < inputs.Count; i++) CollectionsMarshal.GetValueRefOrAddDefault(last, inputs[i].Id, out _) = i;
        return last.Count == inputs.Count ? null : last;
    }
}
