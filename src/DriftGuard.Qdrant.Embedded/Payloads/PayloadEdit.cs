using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using Step = DriftGuard.Qdrant.Embedded.Payloads.JsonPath.Step;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>The edits of SetPayload and DeletePayload on a decoded payload, step for step as Qdrant does them.</summary>
internal static class PayloadEdit
{
    /// <summary>Merges by top-level key, at the root or below <paramref name="path"/>; a null removes its key.</summary>
    public static void Set(MapField<string, Value> payload, JsonPath? path, MapField<string, Value> changes)
    {
        if (path is null) Merge(payload, changes);
        else SetBelow(payload, path.FirstKey, path.Rest, 0, changes);
    }

    public static void Delete(MapField<string, Value> payload, JsonPath path)
    {
        if (path.Rest.Count == 0) payload.Remove(path.FirstKey);
        else if (payload.TryGetValue(path.FirstKey, out var value)) DeleteBelow(value, path.Rest, 0);
    }

    private static void Merge(MapField<string, Value> target, MapField<string, Value> changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None) target.Remove(key);
            else target[key] = value;
        }
    }

    private static void SetBelow(MapField<string, Value> target, string key, IReadOnlyList<Step> steps, int depth, MapField<string, Value> changes)
    {
        if (!target.TryGetValue(key, out var value)) target[key] = value = new Value { NullValue = NullValue.NullValue };
        SetAt(value, steps, depth, changes);
    }

    private static void SetAt(Value value, IReadOnlyList<Step> steps, int depth, MapField<string, Value> changes)
    {
        if (depth == steps.Count)
        {
            if (value.KindCase != Value.KindOneofCase.StructValue) value.StructValue = new Struct();
            Merge(value.StructValue.Fields, changes);
            return;
        }

        var step = steps[depth];
        if (step.Key is { } key)
        {
            if (value.KindCase != Value.KindOneofCase.StructValue) value.StructValue = new Struct();
            SetBelow(value.StructValue.Fields, key, steps, depth + 1, changes);
            return;
        }

        if (value.KindCase != Value.KindOneofCase.ListValue) value.ListValue = new ListValue();
        var elements = value.ListValue.Values;
        if (step.Everything)
            foreach (var element in elements) SetAt(element, steps, depth + 1, changes);
        else if (step.Index < elements.Count)
            SetAt(elements[step.Index.Value], steps, depth + 1, changes);
    }

    private static void DeleteBelow(Value value, IReadOnlyList<Step> steps, int depth)
    {
        var step = steps[depth];
        var last = depth == steps.Count - 1;
        if (step.Key is { } key)
        {
            if (value.KindCase != Value.KindOneofCase.StructValue) return;
            var fields = value.StructValue.Fields;
            if (last) fields.Remove(key);
            else if (fields.TryGetValue(key, out var inner)) DeleteBelow(inner, steps, depth + 1);
        }
        else if (value.KindCase == Value.KindOneofCase.ListValue)
        {
            var elements = value.ListValue.Values;
            if (step.Everything && last) elements.Clear();
            else if (step.Everything)
                foreach (var element in elements) DeleteBelow(element, steps, depth + 1);
            else if (!last && step.Index < elements.Count) // an index itself is not deleted: that would not be idempotent
                DeleteBelow(elements[step.Index!.Value], steps, depth + 1);
        }
    }
}
