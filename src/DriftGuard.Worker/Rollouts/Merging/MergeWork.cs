using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Merging;

/// <summary>The running work of a merge, in batches: late writes to the old side, written to the side that serves.</summary>
internal sealed class MergeWork(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, Rollout rollout, string target, ITextEmbedder model, IndexCorpus corpus, string? textField,
    HashSet<string> parked)
{
    private readonly ComparedWrites writes = new(qdrant, revisions, target, textField, serves: true);
    private readonly ServingWriter serving = new(qdrant, target, PointWriter.Expected(model, corpus.Vector), textField, rollout.HonoursUpdateMode);
    private readonly Revision atTheSwitch = Revision.TryFromValue(rollout.Merge!.Base.Revision, out var revision) ? revision : default;
    private readonly List<Compared> edited = [];
    private readonly List<Compared> payloads = [];
    private readonly List<Compared> deleted = [];
    private readonly List<SourcePoint> added = [];

    /// <summary>The merge with what was written so far.</summary>
    public LateWriteMerge Merge { get; private set; } = rollout.Merge!;

    /// <summary>Tokens that were embedded.</summary>
    public long Tokens { get; private set; }

    public bool IsFull => edited.Count + payloads.Count + deleted.Count + added.Count >= rollout.Settings.BatchSize;

    /// <summary>Takes in the next point.</summary>
    /// <param name="compared">What both sides hold.</param>
    /// <param name="known">The id is among those at the switch.</param>
    public void Take(Compared compared, bool known)
    {
        var point = new MergedPoint(known, compared.Sides.Source, compared.Sides.Target, compared.TargetStamp)
        {
            OtherVectorsDiffer = compared.Sides.Source is not null && compared.TargetStamp is { } stamp && compared.Source.Others.Digest() != stamp.OtherVectors,
            Parked = parked.Contains(compared.Id.ToString()),
        };
        switch (ThreeWayMerge.Judge(point, model.Fingerprint.Id, atTheSwitch))
        {
            case LateWrite.Edited:
                edited.Add(compared);
                break;
            case LateWrite.PayloadEdited:
                payloads.Add(compared);
                break;
            case LateWrite.Added:
                added.Add(compared.Source);
                break;
            case LateWrite.Deleted:
                deleted.Add(compared);
                break;
        }
    }

    /// <summary>Writes what was taken in.</summary>
    /// <param name="source">The old side.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task FlushAsync(string source, CancellationToken cancellation)
    {
        await ReplaceAsync(cancellation);
        foreach (var compared in await StillAsComparedAsync(payloads, cancellation))
        {
            await writes.OverwritePayloadAsync(compared, cancellation);
            Merge = Merge with { Edited = Merge.Edited + 1 };
        }

        var unchanged = await StillAsComparedAsync(deleted, cancellation);
        var stillThere = await writes.DeleteConfirmedAsync(source, unchanged, cancellation);
        Merge = Merge with { Deleted = Merge.Deleted + unchanged.Count - stillThere.Count };
        await AddAsync(cancellation);
        edited.Clear();
        payloads.Clear();
        deleted.Clear();
    }

    private async Task ReplaceAsync(CancellationToken cancellation)
    {
        if (edited.Count == 0)
        {
            return;
        }

        var batch = await EmbedAsync([.. edited.Select(e => e.Source)], cancellation);
        var compared = (await StillAsComparedAsync(edited, cancellation)).ToDictionary(e => e.Id);
        foreach (var point in batch.Points.Where(p => compared.ContainsKey(WireForms.IdOf(p))))
        {
            await serving.ReplaceAsync(point, writes.AsCompared(compared[WireForms.IdOf(point)]), cancellation);
            Merge = Merge with { Edited = Merge.Edited + 1 };
        }

        // A text that cannot be embedded must not leave its predecessor behind.
        await writes.DeleteAsync(batch.Parked.Select(p => PointId.Parse(p.PointId)).Where(compared.ContainsKey).Select(id => compared[id]), cancellation);
    }

    private async Task AddAsync(CancellationToken cancellation)
    {
        if (added.Count > 0)
        {
            var batch = await EmbedAsync(added, cancellation);
            await serving.InsertAsync(batch.Points, cancellation);
            Merge = Merge with { Added = Merge.Added + batch.Points.Count };
            added.Clear();
        }
    }

    private async Task<EmbeddedBatch> EmbedAsync(List<SourcePoint> points, CancellationToken cancellation)
    {
        var batch = await writer.EmbedAsync(model, corpus.Vector, points, rollout.Settings.ParkAfter, cancellation);
        if (batch.Parked.Count > 0)
        {
            await state.ParkAsync(rollout.Id, batch.Parked, cancellation);
        }

        Tokens += batch.Tokens;
        Merge = Merge with { Parked = Merge.Parked + batch.Parked.Count };
        return batch;
    }

    /// <summary>Looks again, right before they are written: what an application sets in a payload leaves the stamp as it is, and no filter sees it.</summary>
    private async Task<IReadOnlyList<Compared>> StillAsComparedAsync(List<Compared> points, CancellationToken cancellation)
    {
        if (points.Count == 0)
        {
            return points;
        }

        var now = await qdrant.RetrieveAsync(target, [.. points.Select(p => p.Id)], ReadShape.WholePayload, cancellation);
        var there = now.ToDictionary(WireForms.IdOf);
        return points.FindAll(p => there.TryGetValue(p.Id, out var found)
            && StampPayload.Read(found.Payload) == p.TargetStamp && PayloadHash.Of(found.Payload) == p.Sides.Target?.PayloadHash);
    }
}
