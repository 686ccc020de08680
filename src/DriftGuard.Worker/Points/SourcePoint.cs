using DriftGuard.Qdrant;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Points;

/// <summary>A point to be embedded and written: its id, its whole payload, and the text of its vector.</summary>
/// <param name="Id">The point's id.</param>
/// <param name="Payload">Its payload; a stamp in it is replaced.</param>
/// <param name="Text">The text that is embedded; null if it has none.</param>
public readonly record struct SourcePoint(PointId Id, MapField<string, Value> Payload, string? Text)
{
    private readonly CarriedVectors? others;

    /// <summary>Why there is no text; null where there is one.</summary>
    public string? WhyNoText { get; init; }

    /// <summary>Vectors of other models, which go with the point as they are.</summary>
    public CarriedVectors Others
    {
        get => others ?? CarriedVectors.None;
        init => others = value;
    }
}
