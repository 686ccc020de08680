using DriftGuard.Core.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>A point that was drawn, as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; null if it has none.</param>
/// <param name="Vector">Its vector; null if it has none.</param>
/// <param name="Stamp">Its stamp; null if it has none.</param>
/// <param name="Payload">Its payload, without the stamp.</param>
internal sealed record SampledDocument(PointId Id, string? Text, float[]? Vector, Stamp? Stamp, MapField<string, Value> Payload)
{
    /// <summary>Whether no model gives such a vector: it is missing, of another dimension, zero, or not finite.</summary>
    public bool HasBadVector(int dimensions) => Vector is not { } vector || vector.Length != dimensions || !vector.All(float.IsFinite) || vector.All(component => component == 0);

    /// <summary>Whether the text is not the one that was embedded, by the stamp.</summary>
    public bool IsTextEdited => Stamp is not null && Text is not null && !IsHashOf(Stamp.ContentHash, Text);

    /// <summary>Whether the vector is not the one that was stamped; false where it cannot be told.</summary>
    public bool IsVectorReplaced => Stamp is not null && Vector is not null && Vector.All(float.IsFinite) && !VectorSketch.Matches(Stamp.VectorSketch, VectorSketch.Of(Vector));

    private static bool IsHashOf(string hash, string text)
    {
        try
        {
            return ContentHash.Of(text) == hash;
        }
        catch (ArgumentException)
        {
            return false; // A lone surrogate: no text that was ever embedded.
        }
    }
}
