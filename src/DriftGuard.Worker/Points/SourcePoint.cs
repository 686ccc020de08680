using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Points;

/// <summary>A point to be embedded and written: its id and its whole payload, the text among it.</summary>
/// <param name="Id">The point's id.</param>
/// <param name="Payload">Its payload; a stamp in it is replaced.</param>
public readonly record struct SourcePoint(PointId Id, MapField<string, Value> Payload)
{
    /// <summary>The point of a read.</summary>
    public static SourcePoint Of(RetrievedPoint point) => new(WireForms.IdOf(point), point.Payload);

    /// <summary>The text under a payload key; null if there is none.</summary>
    public string? Text(string field) => PayloadText.Of(Payload, field);
}
