using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Merging;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>What a pass goes between.</summary>
/// <param name="From">The collection that serves: the truth.</param>
/// <param name="To">The other one.</param>
/// <param name="Model">Makes its vectors.</param>
/// <param name="Index">The index.</param>
/// <param name="Corpus">What its points are made from.</param>
internal sealed record PassSides(string From, string To, ITextEmbedder Model, IndexDefinition Index, IndexCorpus Corpus)
{
    /// <summary>Compares points of both that are asked for by their ids.</summary>
    public ChangeComparison ById(QdrantStore qdrant, int batchSize) => new(qdrant, Corpus, From, To, Model.Fingerprint.Id, batchSize);
}

/// <summary>Makes the comparisons of passes.</summary>
internal sealed class PassRuns(
    QdrantStore qdrant, StateStore state, PointWriter writer, RevisionSource revisions, ModelPool models, IndexCorpora corpora, RolloutProgress progress, TimeProvider time)
{
    /// <summary>The sides of a pass that begins now.</summary>
    /// <exception cref="OperatorException">The model of the side that does not serve cannot be opened.</exception>
    public async Task<PassSides> SidesAsync(Rollout rollout, CancellationToken cancellation)
    {
        var (served, idle) = (rollout.Served(), rollout.Idle());
        var model = models.Get(idle.Model, idle.Fingerprint);
        var index = (await state.FindIndexAsync(rollout.Index, cancellation))!;
        return new(served.Collection, idle.Collection, model, index, await corpora.OfAsync(index, served.Collection, cancellation));
    }

    /// <summary>The comparisons, whose writes have revisions above all that were given out before.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="sides">What it goes between.</param>
    /// <param name="lanes">Partitions that are compared at a time.</param>
    /// <param name="ids">Keeps the ids that go by; null where nobody wants them.</param>
    /// <param name="outbox">What was written through DriftGuard; null where that is not all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<PassRun> BeginAsync(Rollout rollout, PassSides sides, int lanes, IdKeeper? ids, OutboxChanges? outbox, CancellationToken cancellation)
    {
        await revisions.RenewAsync(cancellation);
        var works = new PassLanes(await state.PartitionsAsync(rollout.Id, cancellation), lanes,
            () => new(qdrant, state, writer, revisions, rollout, sides));
        return new(qdrant, state, progress, time, rollout, works, sides, ids, outbox);
    }
}
