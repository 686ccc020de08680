using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>The running work of one pass, in batches: what the comparison finds, written to the target.</summary>
internal sealed class PassWork(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, Rollout rollout, string target, ITextEmbedder model, IndexCorpus corpus,
    string? textField)
{
    private readonly ComparedWrites writes = new(qdrant, revisions, target, textField, serves: false);
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

    public async Task TakeAsync(Compared compared, string source, CancellationToken cancellation)
    {
        switch (compared.Difference)
        {
            case PointDifference.Embed when compared.Sides.Target is null:
                toEmbed.Add(compared.Source);
                break;

            // Green is ours alone: what has no stamp there was written past us.
            case PointDifference.Embed:
            case PointDifference.Unstamped when rollout.Serving == Side.Blue:
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
            await FlushAsync(source, cancellation);
        }
    }

    public async Task FlushAsync(string source, CancellationToken cancellation)
    {
        if (unstamped.Count > 0)
        {
            await CompareUnstampedAsync(cancellation);
        }

        await EmbedAsync(toEmbed, UpdateMode.Upsert, cancellation);
        await EmbedAsync(toRenew, rollout.HonoursUpdateMode ? UpdateMode.UpdateOnly : UpdateMode.Upsert, cancellation);

        if (toDelete.Count > 0)
        {
            Deleted += await writes.DeleteConfirmedAsync(source, toDelete, cancellation);
            toDelete.Clear();
        }
    }

    private async Task EmbedAsync(List<SourcePoint> points, UpdateMode mode, CancellationToken cancellation)
    {
        if (points.Count > 0)
        {
            var batch = await writer.EmbedAsync(model, corpus.Vector, points, rollout.Settings.ParkAfter, cancellation);
            await writer.WriteAsync(target, model, batch, mode, cancellation);
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
        await qdrant.DeleteAsync(target, PointSelection.Of(parked.Select(p => PointId.Parse(p.PointId))), cancellation);
    }

    /// <summary>
    /// Blue may never have been stamped. Its vectors are those that served before, so a point with the same payload stays as it is.
    /// </summary>
    private async Task CompareUnstampedAsync(CancellationToken cancellation)
    {
        foreach (var point in await qdrant.RetrieveAsync(target, unstamped.Keys, corpus.Carried, cancellation))
        {
            var (id, wanted) = (WireForms.IdOf(point), unstamped[WireForms.IdOf(point)]);
            if (PayloadHash.Of(point.Payload) != PayloadHash.Of(wanted.Payload) || CarriedVectors.Of(point, corpus.Others).Digest() != wanted.Others.Digest())
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
