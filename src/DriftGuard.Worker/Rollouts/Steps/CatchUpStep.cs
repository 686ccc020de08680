using DriftGuard.Core.Indexes;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Proving;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>
/// One pass: compares both collections in id order and makes the target equal to the source. Forward passes carry blue's writes to
/// green; after the cutover green is the truth, and only reverse passes run, before a rollback.
/// </summary>
internal sealed class CatchUpStep(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, ModelPool models, IndexCorpora corpora, ActivityMarker markers,
    RolloutProgress progress, TimeProvider time)
    : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.RunCatchUpPass, RolloutAction.RunReversePass];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var source = rollout.Serving;
        var (from, to, model) = source == Side.Blue
            ? (rollout.Blue, rollout.Green, models.Get(rollout.ToModel, rollout.ToFingerprint))
            : (rollout.Green, rollout.Blue, models.Get(rollout.FromModel, rollout.FromFingerprint));
        var index = (await state.FindIndexAsync(rollout.Index, cancellation))!;
        var corpus = await corpora.OfAsync(index, from, cancellation);
        var pass = CatchUpPass.Begin(seen, await markers.SetAsync(from, rollout.Fence, cancellation), time.GetUtcNow());
        await revisions.RenewAsync(cancellation);
        progress.Begin(rollout.Id, "comparing", (long)await qdrant.CountAsync(from, cancellationToken: cancellation));

        var work = new Pass(qdrant, state, writer, revisions, rollout, to, model, corpus, index is { Template: null, Source.Kind: SourceKind.Payload } ? index.TextField : null);
        var comparison = new CollectionComparison(qdrant).RunAsync(from, to, corpus, model.Fingerprint.Id, rollout.Settings.BatchSize, cancellation);
        using var proof = new ProofWriter(await state.PartitionsAsync(rollout.Id, cancellation), source, time);
        await foreach (var compared in comparison)
        {
            proof.Add(compared.Sides);
            await work.TakeAsync(compared, from, cancellation);
            progress.Advance(rollout.Id, 1);
        }

        await work.FlushAsync(from, cancellation);
        pass = pass with
        {
            Compared = work.Compared,
            Embedded = work.Embedded,
            PayloadOnly = work.PayloadOnly,
            Deleted = work.Deleted,
            Parked = work.StillParked.Count,
            FinishedAt = time.GetUtcNow(),
        };
        await ForgetMendedAsync(rollout, work.StillParked, cancellation);
        if (source == Side.Blue)
        {
            // Once green serves, what is kept is the proof of the cutover.
            await ProofStore.SaveAsync(state, rollout.Id, proof.Finish(), cancellation);
        }

        return rollout with { LastPass = pass, WritesCarried = rollout.WritesCarried + pass.Changes, PassTokens = rollout.PassTokens + work.Tokens };
    }

    /// <summary>What was parked and is not any more was mended or deleted meanwhile.</summary>
    private async Task ForgetMendedAsync(Rollout rollout, HashSet<string> stillParked, CancellationToken cancellation)
    {
        var parked = await state.ParkedAsync(rollout.Id, cancellation);
        var mended = parked.Select(p => p.PointId).Where(id => !stillParked.Contains(id)).ToList();
        if (mended.Count > 0)
        {
            await state.UnparkAsync(rollout.Id, mended, cancellation);
        }
    }

    /// <summary>The running work of one pass, in batches.</summary>
    private sealed class Pass(
        QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, Rollout rollout, string target, ITextEmbedder model, IndexCorpus corpus,
        string? textField)
    {
        private readonly List<SourcePoint> toEmbed = [];
        private readonly List<Compared> toDelete = [];
        private readonly Dictionary<PointId, SourcePoint> unstamped = [];

        public long Compared { get; private set; }

        public long Embedded { get; private set; }

        public long Tokens { get; private set; }

        public long PayloadOnly { get; private set; }

        public long Deleted { get; private set; }

        public HashSet<string> StillParked { get; } = new(StringComparer.Ordinal);

        public async Task TakeAsync(Compared compared, string source, CancellationToken cancellation)
        {
            Compared++;
            switch (compared.Difference)
            {
                case PointDifference.Embed:
                    toEmbed.Add(compared.Source);
                    break;
                case PointDifference.Unstamped when rollout.Serving == Side.Blue:
                    // Green is ours alone: what has no stamp there was written past us.
                    toEmbed.Add(compared.Source);
                    break;
                case PointDifference.Unstamped:
                    unstamped.Add(compared.Id, compared.Source);
                    break;
                case PointDifference.Payload:
                    await OverwritePayloadAsync(compared, cancellation);
                    break;
                case PointDifference.Delete:
                    toDelete.Add(compared);
                    break;
            }

            if (toEmbed.Count >= rollout.Settings.BatchSize || toDelete.Count >= rollout.Settings.BatchSize || unstamped.Count >= rollout.Settings.BatchSize)
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

            if (toEmbed.Count > 0)
            {
                var batch = await writer.EmbedAsync(model, corpus.Vector, toEmbed, rollout.Settings.ParkAfter, cancellation);
                await writer.WriteAsync(target, model, batch, cancellation);
                await ParkAsync(batch.Parked, cancellation);
                Embedded += batch.Points.Count;
                Tokens += batch.Tokens;
                toEmbed.Clear();
            }

            if (toDelete.Count > 0)
            {
                await DeleteConfirmedAsync(source, cancellation);
                toDelete.Clear();
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
                    toEmbed.Add(wanted);
                }

                unstamped.Remove(id);
            }

            // Those that were deleted in between are missing.
            toEmbed.AddRange(unstamped.Values);
            unstamped.Clear();
        }

        /// <summary>The text is the same, so the vector stays; only where the stamp is still the one that was compared.</summary>
        private async Task OverwritePayloadAsync(Compared compared, CancellationToken cancellation)
        {
            var payload = compared.Source.Payload;
            payload.Remove(StampPayload.Key);
            StampPayload.Write(payload, compared.TargetStamp! with { PayloadHash = PayloadHash.Of(payload), Revision = await revisions.NextAsync(cancellation) });
            await qdrant.OverwritePayloadAsync(target, Only(compared.Id, compared.TargetStamp!), payload, cancellation);
            PayloadOnly++;
        }

        /// <summary>Absence is never read from one scroll: each id is asked for again, and deleted by id and stamp.</summary>
        private async Task DeleteConfirmedAsync(string source, CancellationToken cancellation)
        {
            var there = await qdrant.RetrieveAsync(source, [.. toDelete.Select(d => d.Id)], ReadShape.Ids, cancellation);
            var stillThere = there.Select(WireForms.IdOf).ToHashSet();
            foreach (var compared in toDelete.Where(d => !stillThere.Contains(d.Id)))
            {
                await qdrant.DeleteAsync(target, AsCompared(compared), cancellation);
                Deleted++;
            }
        }

        /// <summary>By stamp; one that has none by its text: what is written under its id later is not taken away by a delete that arrives late.</summary>
        private PointSelection AsCompared(Compared compared) => compared switch
        {
            { TargetStamp: { } stamp } => Only(compared.Id, stamp),
            { TargetText: { } text } when textField is not null =>
                PointSelection.Where(StampFilters.And(StampFilters.Ids(compared.Id), StampFilters.And(Unstamped, StampFilters.TextIs(textField, text)))),
            _ => PointSelection.Where(StampFilters.And(StampFilters.Ids(compared.Id), Unstamped)),
        };

        private static global::Qdrant.Client.Grpc.Filter Unstamped => StampFilters.OlderThan(Revision.Of(0));

        private static PointSelection Only(PointId id, Stamp stamp) =>
            PointSelection.Where(StampFilters.And(StampFilters.Ids(id), StampFilters.Stamped(stamp.ContentHash, stamp.Revision)));
    }
}
