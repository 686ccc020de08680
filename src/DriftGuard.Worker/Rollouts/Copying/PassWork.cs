using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>The running work of one pass, in batches: what the comparison finds, written to the target.</summary>
internal sealed class PassWork(QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, Rollout rollout, PassSides sides)
{
    private readonly ComparedWrites writes = new(qdrant, revisions, sides.To, sides.Index.PayloadTextField, serves: false);
    private readonly ChangeComparison again = sides.ById(qdrant, rollout.Settings.BatchSize);
    private readonly List<SourcePoint> toEmbed = [];

    // What the target holds already, apart: a write of it that arrives late must not bring back what was deleted meanwhile.
    private readonly List<SourcePoint> toRenew = [];
    private readonly List<Compared> toDelete = [];
    private readonly Dictionary<PointId, SourcePoint> unstamped = [];

    public long Embedded { get; private set; }

    public long Tokens { get; private set; }

    public long PayloadOnly { get; private set; }

    public long Deleted { get; private set; }

    public HashSet<string> StillParked { get; } = new(StringComparer.Ordinal);

    public async Task TakeAsync(Compared compared, CancellationToken cancellation)
    {
        switch (compared.Difference)
        {
            case PointDifference.Embed when compared.Sides.Target is null:
                toEmbed.Add(compared.Source);
                break;

            // Green is ours alone: what has no stamp there was written past us. Blue's vector may be that of an earlier text, where an edit was under way at the cutover.
            case PointDifference.Embed:
            case PointDifference.Unstamped when rollout.Serving == Side.Blue || !rollout.IsAsCopied(StampPayload.Read(compared.Source.Payload)):
                toRenew.Add(compared.Source);
                break;
            case PointDifference.Unstamped:
                unstamped.Add(compared.Id, compared.Source);
                break;
            case PointDifference.Payload:
                await writes.OverwritePayloadAsync(compared, cancellation);
                PayloadOnly++;
                break;
            case PointDifference.Delete:
                toDelete.Add(compared);
                break;
        }

        if (toEmbed.Count >= rollout.Settings.BatchSize || toRenew.Count >= rollout.Settings.BatchSize || toDelete.Count >= rollout.Settings.BatchSize || unstamped.Count >= rollout.Settings.BatchSize)
        {
            await FlushAsync(cancellation);
        }
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        await DeleteAsync(cancellation);
        if (unstamped.Count > 0)
        {
            await CompareUnstampedAsync(cancellation);
        }

        await EmbedAsync(toEmbed, UpdateMode.Upsert, cancellation);
        await EmbedAsync(toRenew, rollout.HonoursUpdateMode ? UpdateMode.UpdateOnly : UpdateMode.Upsert, cancellation);
    }

    /// <summary>
    /// Deletes what the source does not have. What it has all the same, a scroll left out, as one of replicas that disagree does: that is compared as
    /// it is asked for by its id, or an older state of it would stay.
    /// </summary>
    private async Task DeleteAsync(CancellationToken cancellation)
    {
        var stillThere = await writes.DeleteConfirmedAsync(sides.From, toDelete, cancellation);
        Deleted += toDelete.Count - stillThere.Count;
        toDelete.Clear();
        await foreach (var compared in again.OfAsync(stillThere.Select(point => point.Id), cancellation))
        {
            // Gone meanwhile is a write that the next pass sees.
            if (compared.Difference != PointDifference.Delete)
            {
                await TakeAsync(compared, cancellation);
            }
        }
    }

    private async Task EmbedAsync(List<SourcePoint> points, UpdateMode mode, CancellationToken cancellation)
    {
        if (points.Count > 0)
        {
            var batch = await writer.EmbedAsync(sides.Model, sides.Corpus.Vector, points, rollout.Settings.ParkAfter, cancellation);
            await writer.WriteAsync(sides.To, sides.Model, batch, mode, cancellation);
            await ParkAsync(batch.Parked, cancellation);
            Embedded += batch.Points.Count;
            Tokens += batch.Tokens;
            points.Clear();
        }
    }

    /// <summary>
    /// A text that cannot be embedded must not leave its predecessor behind: what the target still holds of it is deleted, and the
    /// point stays parked.
    /// </summary>
    private async Task ParkAsync(IReadOnlyList<UnembeddedText> parked, CancellationToken cancellation)
    {
        if (parked.Count == 0)
        {
            return;
        }

        await state.ParkAsync(rollout.Id, parked, cancellation);
        StillParked.UnionWith(parked.Select(p => p.PointId));
        await qdrant.DeleteAsync(sides.To, PointSelection.Of(parked.Select(p => PointId.Parse(p.PointId))), cancellation);
    }

    /// <summary>
    /// Blue may never have been stamped. Its vectors are those that served before, so a point with the same payload stays as it is, as long as it had
    /// no other since it was copied.
    /// </summary>
    private async Task CompareUnstampedAsync(CancellationToken cancellation)
    {
        foreach (var point in await qdrant.RetrieveAsync(sides.To, unstamped.Keys, sides.Corpus.Carried, cancellation))
        {
            var (id, wanted) = (WireForms.IdOf(point), unstamped[WireForms.IdOf(point)]);
            if (PayloadHash.Of(point.Payload) != PayloadHash.Of(wanted.Payload) || CarriedVectors.Of(point, sides.Corpus.Others).Digest() != wanted.Others.Digest())
            {
                toRenew.Add(wanted);
            }

            unstamped.Remove(id);
        }

        // Those that were deleted in between are missing.
        toEmbed.AddRange(unstamped.Values);
        unstamped.Clear();
    }
}
