using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Operations;

/// <summary>Edits of payloads. An id of the list that is not there refuses the operation; a filter that matches nothing does not.</summary>
internal static class PayloadOperations
{
    public static Action<PointStore, WritePlan> Set(PointSelection selection, MapField<string, Value> changes, string? key)
    {
        Check(changes);
        var path = key is null ? null : JsonPath.Parse(key);
        if (path is null) return Edit(selection, payload => PayloadEdit.Set(payload, path, changes.Clone()), PayloadBytes.Encode);
        PayloadValidation.CheckDepth(path);
        return Edit(selection, payload => PayloadEdit.Set(payload, path, changes.Clone()), Check); // a path takes the changes deeper than they came
    }

    public static Action<PointStore, WritePlan> Overwrite(PointSelection selection, MapField<string, Value> payload, string? key)
    {
        // Qdrant takes a key here and ignores it, which would overwrite what the caller meant to keep.
        if (key is not null) throw Refusal.Unsupported("OverwritePayload below a key");
        var bytes = Check(payload);
        return (points, plan) => Change(points, plan, selection.Slots(points, mustExist: true), _ => bytes);
    }

    public static Action<PointStore, WritePlan> Delete(PointSelection selection, IEnumerable<string> keys)
    {
        JsonPath[] paths = [.. keys.Select(JsonPath.Parse)];
        return Edit(selection, payload => Array.ForEach(paths, path => PayloadEdit.Delete(payload, path)), PayloadBytes.Encode);
    }

    public static Action<PointStore, WritePlan> Clear(PointSelection selection) => (points, plan) =>
        Change(points, plan, selection.Slots(points, mustExist: true), _ => []);

    private static Action<PointStore, WritePlan> Edit(
        PointSelection selection, Action<MapField<string, Value>> edit, Func<MapField<string, Value>, byte[]> encode) => (points, plan) =>
        Change(points, plan, selection.Slots(points, mustExist: true), slot =>
        {
            var payload = PayloadBytes.Decode(points.PayloadOf(slot));
            edit(payload);
            return encode(payload);
        });

    private static void Change(PointStore points, WritePlan plan, List<int> slots, Func<int, byte[]> payloadOf)
    {
        foreach (var slot in slots) plan.Add(new PlannedRow(RowChange.Payload, slot, points.KeyOf(slot), payloadOf(slot), 0, 0));
    }

    private static byte[] Check(MapField<string, Value> payload)
    {
        var bytes = PayloadBytes.Encode(payload);
        return PayloadBytes.FromRequest(bytes, PayloadBytes.Field);
    }
}
