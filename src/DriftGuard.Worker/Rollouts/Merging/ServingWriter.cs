using System.Security.Cryptography;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Merging;

/// <summary>
/// Writes embedded points to the collection that serves: over a point only while it is as it was compared, and under an id only while it is missing,
/// so that what an application writes or deletes meanwhile stays.
/// </summary>
/// <param name="qdrant">Where the collections are.</param>
/// <param name="target">The collection.</param>
/// <param name="vectors">What the vectors must be.</param>
/// <param name="textField">The payload field of the text; null where it is not one field.</param>
/// <param name="honoursUpdateMode">The server was seen to honour <c>update_mode</c>; an older one ignores it without a word.</param>
internal sealed class ServingWriter(QdrantStore qdrant, string target, VectorExpectation vectors, string? textField, bool honoursUpdateMode)
{
    /// <summary>Inserts points; those that are there stay as they are.</summary>
    public async Task InsertAsync(IReadOnlyList<PointStruct> points, CancellationToken cancellation)
    {
        if (points.Count > 0)
        {
            await qdrant.UpsertAsync(target, points, new()
            {
                Mode = honoursUpdateMode ? UpdateMode.InsertOnly : UpdateMode.Upsert,
                UpdateFilter = honoursUpdateMode ? null : StampFilters.Nothing(),
                Vectors = vectors,
            }, cancellation);
        }
    }

    /// <summary>Replaces a point, its vectors and payload; one that is missing stays missing.</summary>
    /// <param name="point">The point with its stamp.</param>
    /// <param name="asCompared">What it must still be.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task ReplaceAsync(PointStruct point, Filter asCompared, CancellationToken cancellation) => honoursUpdateMode
        ? qdrant.UpsertAsync(target, [point], new()
        {
            Mode = UpdateMode.UpdateOnly,
            UpdateFilter = asCompared,
            Vectors = vectors,

            // The stamp that the filter asks for is gone then.
            Repeatable = true,
        }, cancellation)
        : ReplaceByFilterAsync(point, asCompared, cancellation);

    /// <summary>
    /// In three steps, since an upsert by filter alone would insert what is missing: payload with a nonce, vectors where the nonce is, final stamp where
    /// it is. Cut off in between, the nonce shows that the vectors may be those of another text.
    /// </summary>
    private async Task ReplaceByFilterAsync(PointStruct point, Filter asCompared, CancellationToken cancellation)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var (stamp, payload) = (StampPayload.Read(point.Payload)!, point.Payload.Clone());
        var pending = StampFilters.And(StampFilters.Ids(WireForms.IdOf(point)), StampFilters.Pending(nonce));
        if (textField is not null && PayloadText.Of(payload, textField) is { } text)
        {
            // A text that is set in place meanwhile leaves the nonce, and comes with a vector of its own.
            pending = StampFilters.And(pending, StampFilters.TextIs(textField, text));
        }

        StampPayload.Write(payload, stamp with { Pending = nonce });
        await qdrant.OverwritePayloadAsync(target, PointSelection.Where(asCompared), payload, cancellation);
        try
        {
            await qdrant.UpdateVectorsAsync(target, [new() { Id = point.Id, Vectors = point.Vectors }], vectors, pending, cancellation);
        }
        catch (QdrantException missing) when (missing.Kind == QdrantFailure.NotFound)
        {
            // Deleted meanwhile.
            return;
        }

        await qdrant.SetPayloadAsync(target, PointSelection.Where(pending), StampPayload.Alone(stamp), cancellation);
    }
}
