using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Proving;

/// <summary>Which partitions are compared again.</summary>
/// <param name="Ordinals">These; none for all.</param>
/// <param name="ChangedOnly">Of them only those in which the latest comparison found a difference, or that were never compared.</param>
public sealed record ProofRequest(IReadOnlyList<int> Ordinals, bool ChangedOnly);

/// <summary>What comparing again found.</summary>
/// <param name="Source">The side that is the truth: the one that serves.</param>
/// <param name="Proofs">A proof for each partition that was compared.</param>
/// <param name="Parked">Points among those that differ whose text stands parked: they are missing since they cannot be embedded.</param>
/// <param name="Whole">What is proven of the rollout as a whole, by these comparisons and by earlier ones.</param>
public sealed record ProofResult(Side Source, IReadOnlyList<PartitionProof> Proofs, long Parked, ProofSummary Whole)
{
    /// <summary>Points that differ, but for those that stand parked.</summary>
    public long Differing => Proofs.Sum(p => p.Differing) - Parked;

    /// <summary>Green serves, and what was written since the cutover is only there: differences are expected.</summary>
    public bool BlueMayBeBehind => Source == Side.Green;
}

/// <summary>Repeats the proof of completeness: compares both sides of partitions in full. Nothing is written to either side.</summary>
public sealed class ProofVerifier(QdrantStore qdrant, StateStore state, IndexCorpora corpora, RolloutProgress progress, TimeProvider time)
{
    /// <summary>Compares.</summary>
    /// <exception cref="OperatorException">There is nothing to compare yet, or any more.</exception>
    public async Task<ProofResult> RunAsync(Rollout rollout, ProofRequest request, CancellationToken cancellation)
    {
        var partitions = await state.PartitionsAsync(rollout.Id, cancellation);
        var chosen = Choose(rollout, partitions, request);
        await RequireBothAsync(rollout, cancellation);
        var index = await state.FindIndexAsync(rollout.Index, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"index '{rollout.Index}' is not in the state any more");
        var parked = (await state.ParkedAsync(rollout.Id, cancellation)).Select(p => p.PointId).ToHashSet(StringComparer.Ordinal);
        var (source, target, fingerprint) = rollout.Serving == Side.Blue ? (rollout.Blue, rollout.Green, rollout.ToFingerprint) : (rollout.Green, rollout.Blue, (string?)null);
        var corpus = await corpora.OfAsync(index, source, cancellation);
        progress.Begin(rollout.Id, "comparing", (long)await qdrant.CountAsync(source, cancellationToken: cancellation) * chosen.Count / Math.Max(1, partitions.Count));

        var (proofs, missingParked) = (new List<PartitionProof>(), 0L);
        foreach (var partition in chosen)
        {
            using var proof = new ProofWriter([partition], rollout.Serving, time);
            PointId? until = partition.End is { } end ? PointId.Parse(end) : null;
            var comparison = new CollectionComparison(qdrant)
                .RunAsync(source, target, corpus, fingerprint, rollout.Settings.BatchSize, PointId.Parse(partition.Start), until, cancellation);
            await foreach (var compared in comparison)
            {
                proof.Add(compared.Sides);
                missingParked += compared.Sides.Target is null && parked.Contains(compared.Id.ToString()) ? 1 : 0;
                progress.Advance(rollout.Id, 1);
            }

            proofs.AddRange(proof.Finish());
        }

        if (rollout.Serving == Side.Blue)
        {
            // Once green serves, what is kept is the proof of the cutover.
            await ProofStore.SaveAsync(state, rollout.Id, proofs, cancellation);
        }

        return new(rollout.Serving, proofs, missingParked, ProofStore.Summary(await state.PartitionsAsync(rollout.Id, cancellation)));
    }

    private static List<Partition> Choose(Rollout rollout, IReadOnlyList<Partition> partitions, ProofRequest request)
    {
        if (partitions.Count == 0)
        {
            throw new OperatorException(OperatorError.Conflict, $"{rollout.Id} has no partitions yet ({rollout.Phase}): there is nothing to compare");
        }

        var unknown = request.Ordinals.Where(ordinal => partitions.All(p => p.Ordinal != ordinal)).ToList();
        if (unknown.Count > 0)
        {
            throw new OperatorException(OperatorError.NotFound, $"{rollout.Id} has no partition {string.Join(", ", unknown)}; it has 0 to {partitions.Count - 1}");
        }

        var wanted = partitions.Where(p => request.Ordinals.Count == 0 || request.Ordinals.Contains(p.Ordinal)).ToList();
        if (wanted.Find(p => !p.Done) is { } unfinished)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"partition {unfinished.Ordinal} of {rollout.Id} is not copied to its end yet, so its sides differ; {partitions.Count(p => p.Done)} of {partitions.Count} are. Name copied ones with --partition, or wait");
        }

        return request.ChangedOnly ? wanted.FindAll(p => ProofStore.Of(p) is not { IsClean: true }) : wanted;
    }

    private async Task RequireBothAsync(Rollout rollout, CancellationToken cancellation)
    {
        foreach (var collection in new[] { rollout.Blue, rollout.Green })
        {
            if (!await qdrant.ExistsAsync(collection, cancellation))
            {
                throw new OperatorException(OperatorError.NotFound,
                    $"{rollout.Id} cannot be compared: collection {collection} is gone. What was proven while it was there: driftguard rollout status {rollout.Id}");
            }
        }
    }
}
