using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>
/// Writes points of an answer straight from memory: id, the part of the payload that was asked for, and vectors. Both <c>RetrievedPoint</c> and
/// <c>ScoredPoint</c> are written here; they differ in field numbers.
/// </summary>
internal sealed class PointWriter(PointStore points, PayloadProjection payload, VectorProjection vectors, WireWriter output)
{
    private const int IdField = 1;
    private const int ScoreField = 3;
    private const int VersionField = 5;
    private const int FloatSize = 5;

    /// <summary>Writes a <c>RetrievedPoint</c> as element <paramref name="field"/> of the message being written.</summary>
    public void Retrieved(int field, int slot, OrderValue? order = null)
    {
        var kept = payload.Apply(points.PayloadOf(slot));
        var vectorsSize = vectors.FieldSize(slot, 4);
        var orderSize = order is null ? 0 : WireWriter.FieldSize(6, order.CalculateSize());
        output.Open(field, IdSize(slot) + kept.Length + vectorsSize + orderSize);
        WriteId(slot);
        output.Raw(kept);
        vectors.Write(output, slot, 4);
        if (order is not null) output.Message(6, order);
    }

    /// <summary>Writes a <c>ScoredPoint</c> as element <paramref name="field"/> of the message being written.</summary>
    public void Scored(int field, int slot, float score)
    {
        var kept = payload.Apply(points.PayloadOf(slot));
        var version = points.VersionOf(slot);
        output.Open(field, IdSize(slot) + kept.Length + FloatSize + 1 + WireWriter.VarintSize(version) + vectors.FieldSize(slot, 6));
        WriteId(slot);
        output.Raw(kept);
        output.Float(ScoreField, score);
        output.Tag(VersionField, WireFormat.WireType.Varint);
        output.Varint(version);
        vectors.Write(output, slot, 6);
    }

    private int IdSize(int slot) => WireWriter.FieldSize(IdField, InnerIdSize(points.KeyOf(slot)));

    private static int InnerIdSize(PointKey id) => id.IsUuid ? WireWriter.FieldSize(2, 36) : 1 + WireWriter.VarintSize(id.Number);

    private void WriteId(int slot) => WriteId(output, IdField, points.KeyOf(slot));

    /// <summary>Writes a <c>PointId</c>.</summary>
    public static void WriteId(WireWriter output, int field, PointKey id)
    {
        output.Open(field, InnerIdSize(id));
        if (id.IsUuid) output.String(2, id.ToString());
        else
        {
            output.Tag(1, WireFormat.WireType.Varint);
            output.Varint(id.Number);
        }
    }
}
