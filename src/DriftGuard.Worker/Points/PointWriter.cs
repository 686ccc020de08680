using DriftGuard.Core.Embedding;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Models;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Points;

/// <summary>A batch that was embedded and stamped and waits to be written.</summary>
/// <param name="Points">The points with vectors and stamps.</param>
/// <param name="Revision">The revision in their stamps.</param>
/// <param name="Parked">The points that could not be embedded, with their reasons.</param>
/// <param name="Truncated">How many texts were longer than the model's token limit, so that their end is not in their vector.</param>
/// <param name="Tokens">Tokens that were embedded, those of texts without a vector included.</param>
/// <param name="Vector">The vector that was made, by name; the default vector has the empty name.</param>
public sealed record EmbeddedBatch(
    IReadOnlyList<PointStruct> Points, Revision Revision, IReadOnlyList<UnembeddedText> Parked, int Truncated, long Tokens, string Vector)
{
    /// <summary>The batch under another revision; its points are changed.</summary>
    public EmbeddedBatch At(Revision revision)
    {
        foreach (var point in Points)
        {
            StampPayload.Write(point.Payload, StampPayload.Read(point.Payload)! with { Revision = revision });
        }

        return this with { Revision = revision };
    }
}

/// <summary>
/// Embeds points, stamps them and writes them: the one way by which vectors get into a collection. A write applies only over an
/// older revision, so that a late one of an earlier process changes nothing.
/// </summary>
public sealed class PointWriter(QdrantStore qdrant, RevisionSource revisions)
{
    /// <summary>Embeds a batch and stamps it.</summary>
    /// <param name="embedder">Makes the vectors.</param>
    /// <param name="vector">The vector that is made, by name; the default vector has the empty name.</param>
    /// <param name="points">What to embed.</param>
    /// <param name="mostTries">How often a text is tried before it is parked.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<EmbeddedBatch> EmbedAsync(
        ITextEmbedder embedder, string vector, IReadOnlyList<SourcePoint> points, int mostTries, CancellationToken cancellation)
    {
        var texts = new string[points.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = points[i].Text ?? "";
        }

        var patient = new PatientEmbedding(embedder, mostTries);
        var tried = await patient.EmbedAsync(texts, cancellation);
        var revision = await revisions.NextAsync(cancellation);
        var embedded = new List<PointStruct>(points.Count);
        var (parked, truncated) = (new List<UnembeddedText>(), 0);
        for (var i = 0; i < points.Count; i++)
        {
            var outcome = tried[i].Outcome;
            if (outcome.IsEmbedded)
            {
                embedded.Add(Stamped(points[i], texts[i], outcome.Vector, vector, embedder.Fingerprint.Id, revision));
                truncated += outcome.Truncated ? 1 : 0;
            }
            else
            {
                parked.Add(new(points[i].Id.ToString(), points[i].WhyNoText ?? outcome.Failure, tried[i].Tries));
            }
        }

        return new(embedded, revision, parked, truncated, patient.TokensBeside + tried.Sum(text => (long)text.Outcome.Tokens), vector);
    }

    /// <summary>Embeds a stream of batches, in order, with as many calls under way as the model is worth asking at once.</summary>
    /// <param name="embedder">Makes the vectors.</param>
    /// <param name="vector">The vector that is made, by name; the default vector has the empty name.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="pointsOf">What of a batch is to be embedded.</param>
    /// <param name="mostTries">How often a text is tried before it is parked.</param>
    /// <param name="cancellation">Cancels.</param>
    public IAsyncEnumerable<(T Batch, EmbeddedBatch Embedded)> EmbedAsync<T>(
        ITextEmbedder embedder, string vector, IAsyncEnumerable<T> batches, Func<T, IReadOnlyList<SourcePoint>> pointsOf, int mostTries, CancellationToken cancellation) =>
        OrderedWork.RunAsync(batches, (batch, stop) => EmbedAsync(embedder, vector, pointsOf(batch), mostTries, stop), embedder.CallsAtOnce, cancellation);

    /// <summary>Writes an embedded batch, acknowledged by every replica.</summary>
    /// <param name="collection">Where to.</param>
    /// <param name="embedder">Made the vectors.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="mode">What happens to points that are missing there; only where a canary has proven that it is honoured.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="VectorException">A vector is not what the spec says; nothing was sent.</exception>
    public async Task WriteAsync(string collection, ITextEmbedder embedder, EmbeddedBatch batch, UpdateMode mode, CancellationToken cancellation)
    {
        if (batch.Points.Count > 0)
        {
            await qdrant.UpsertAsync(collection, batch.Points, new()
            {
                UpdateFilter = StampFilters.OlderThan(batch.Revision),
                Mode = mode,
                Vectors = Expected(embedder, batch.Vector),

                // The revision makes a second application change nothing; what was deleted meanwhile, the next pass finds.
                Repeatable = true,
            }, cancellation);
        }
    }

    /// <summary>Writes an embedded batch, whether its points are there or missing.</summary>
    /// <exception cref="VectorException">A vector is not what the spec says; nothing was sent.</exception>
    public Task WriteAsync(string collection, ITextEmbedder embedder, EmbeddedBatch batch, CancellationToken cancellation) =>
        WriteAsync(collection, embedder, batch, UpdateMode.Upsert, cancellation);

    /// <summary>What vectors must be that an embedder makes.</summary>
    /// <param name="embedder">Makes the vectors.</param>
    /// <param name="vector">The vector that is made, by name; the default vector has the empty name.</param>
    public static VectorExpectation Expected(ITextEmbedder embedder, string vector) =>
        new(embedder.Spec.Dimensions, embedder.Spec.Normalisation == Normalisation.L2, vector) { CarriesOthers = true };

    /// <summary>
    /// Looks whether a batch that was written is what is stored. A write over a newer revision is left out, and Qdrant says OK: so it ends
    /// where this installation's lease epochs are behind those of the points, as after its state was restored from a backup.
    /// </summary>
    /// <exception cref="OperatorException">Points of the batch carry revisions of a later epoch.</exception>
    public async Task RequireWrittenAsync(string collection, EmbeddedBatch batch, CancellationToken cancellation)
    {
        var ids = batch.Points.Select(WireForms.IdOf).ToList();
        var stored = await qdrant.RetrieveAsync(collection, ids, ReadShape.Stamps, cancellation);
        var newer = stored.Count(point => StampPayload.Read(point.Payload)?.Revision is { } revision && revision.Epoch > batch.Revision.Epoch);
        if (newer > 0)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"{newer} of the last {ids.Count} points written to {collection} were left as they are: they carry revisions of a later lease than this one's ({batch.Revision}). "
                + "The state of this installation is older than its collections: restore the latest state, or go on with the installation that wrote them");
        }
    }

    private static PointStruct Stamped(SourcePoint source, string text, float[] vector, string name, string fingerprint, Revision revision)
    {
        var point = WireForms.NewPoint(source.Id, vector, name, source.Others);
        source.Payload.Remove(StampPayload.Key);
        var stamp = new Stamp(fingerprint, ContentHash.Of(text), PayloadHash.Of(source.Payload), VectorSketch.Of(vector), revision) { OtherVectors = source.Others.Digest() };
        point.Payload.Add(source.Payload);
        StampPayload.Write(point.Payload, stamp);
        return point;
    }
}
