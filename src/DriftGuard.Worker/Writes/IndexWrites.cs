using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Writes;

/// <summary>
/// Writes to the collection that serves an index, of which nothing is lost at a switch: the ids are marked in the outbox before they are
/// written, a fence holds marks, and no fence is up while a write that was marked is under way. Where one waits for a fence, it goes on to
/// the collection that serves then. Of writes to one id the one that was marked last stays, in whatever order they arrive; a deletion waits for
/// those that were marked before it, or until they cannot arrive any more.
/// </summary>
public sealed class IndexWrites(QdrantStore qdrant, StateStore state, PointWriter writer, DriftGuardMetrics metrics, TimeProvider time)
{
    /// <summary>What holds a write for longer than this, a fence or another write, refuses it: the caller is told, and tries again.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    // The upper half of an epoch's sequences: what a worker writes in the same epoch is older than what an application does.
    private const uint OfApplications = 1u << 31;

    /// <summary>Writes points that were embedded.</summary>
    /// <param name="index">The index, as it was served when they were.</param>
    /// <param name="model">Made their vectors.</param>
    /// <param name="batch">The points.</param>
    /// <param name="cancellation">Cancels while nothing is written yet.</param>
    /// <returns>The batch as it was written.</returns>
    /// <exception cref="OperatorException">Another collection serves by now, and nothing was written: embed them for that one.</exception>
    public async Task<EmbeddedBatch> PutAsync(ServingIndex index, ITextEmbedder model, EmbeddedBatch batch, CancellationToken cancellation)
    {
        if (batch.Points.Count == 0)
        {
            return batch;
        }

        var written = batch;
        await MarkedAsync(index, [.. batch.Points.Select(WireForms.IdOf)], WriteKind.Put, revision => Task.FromResult<Func<Task>>(() =>
        {
            written = batch.At(revision);
            return writer.WriteAsync(index.Collection, model, written, CancellationToken.None);
        }), cancellation);
        return written;
    }

    /// <summary>Writes points that are made from what is stored: no other write to them is under way from before they are read.</summary>
    /// <param name="index">The index, as it was served when this was begun.</param>
    /// <param name="points">Their ids.</param>
    /// <param name="edited">Reads and embeds them, and says by what.</param>
    /// <param name="cancellation">Cancels while nothing is written yet.</param>
    /// <exception cref="OperatorException">Another collection serves by now, and nothing was written.</exception>
    public Task EditAsync(ServingIndex index, IReadOnlyList<PointId> points, Func<Task<(ITextEmbedder Model, EmbeddedBatch Batch)>> edited, CancellationToken cancellation) =>
        MarkedAsync(index, points, WriteKind.Edit, async revision =>
        {
            var (model, made) = await edited();
            var batch = made.At(revision);
            return () => writer.WriteAsync(index.Collection, model, batch, CancellationToken.None);
        }, cancellation);

    /// <summary>Deletes points.</summary>
    /// <param name="index">The index.</param>
    /// <param name="points">Their ids; those that are not there are no error.</param>
    /// <param name="cancellation">Cancels while nothing is written yet.</param>
    /// <exception cref="OperatorException">Another collection serves by now, and nothing was deleted.</exception>
    public Task DeleteAsync(ServingIndex index, IReadOnlyList<PointId> points, CancellationToken cancellation) =>
        MarkedAsync(index, points, WriteKind.Delete, revision => Task.FromResult<Func<Task>>(() =>
            qdrant.DeleteAsync(index.Collection, PointSelection.Where(StampFilters.And(StampFilters.Ids([.. points]), StampFilters.OlderThan(revision))), CancellationToken.None)), cancellation);

    /// <summary>
    /// Marks, writes, and says that it is done. What fails may still be applied, and stays under way until it cannot be: so what was marked is brought to
    /// its end, whoever has stopped to wait for it.
    /// </summary>
    private async Task MarkedAsync(ServingIndex index, IReadOnlyList<PointId> points, WriteKind kind, Func<Revision, Task<Func<Task>>> prepare, CancellationToken cancellation)
    {
        var mark = await MarkAsync(index.Definition.Name, [.. points.Select(point => point.ToString())], kind, cancellation);
        var marked = time.GetTimestamp();
        var sent = false;
        try
        {
            await RequireServingAsync(index);
            var write = await prepare(Revision.Of((int)mark.LeaseEpoch, OfApplications | (uint)(mark.Sequence % StateStore.SequencesAnEpoch)));
            if (time.GetElapsedTime(marked) > qdrant.WriteTimeout)
            {
                throw new OperatorException(OperatorError.Unavailable, $"it took too long to find out what to write to index '{index.Definition.Name}'; nothing was written, try again");
            }

            sent = true;
            await write();
        }
        catch (Exception failure) when (!sent || failure is VectorException or QdrantException { OutcomeUnknown: false })
        {
            // Nothing of it was applied, nor will be.
            await state.EndWriteAsync(index.Definition.Name, mark.Sequence, CancellationToken.None);
            throw;
        }

        await state.EndWriteAsync(index.Definition.Name, mark.Sequence, CancellationToken.None);
    }

    private async Task<DirtyMark> MarkAsync(string index, IReadOnlyCollection<string> ids, WriteKind kind, CancellationToken cancellation)
    {
        using var wait = new WriteWait(metrics, index, time);
        for (var began = time.GetTimestamp(); ;)
        {
            var mark = await state.MarkDirtyAsync(index, ids, kind, MayTake, cancellation);
            if (!mark.Refused)
            {
                return mark;
            }

            if (time.GetElapsedTime(began) > LongestHold)
            {
                throw new OperatorException(OperatorError.Unavailable, mark.Busy
                    ? $"an earlier write to some of the same points of index '{index}' has no answer yet and may still be applied; nothing was written, try again"
                    : $"writes to index '{index}' are held for a switch; nothing was written, try again");
            }

            wait.For(earlierWrite: mark.Busy);
            await Task.Delay(LookAgain, time, cancellation);
        }
    }

    /// <summary>The look at what serves, and at what is edited, takes at most one of these, or nothing is written; the write another one, and it may be late by one.</summary>
    private TimeSpan MayTake => qdrant.WriteTimeout * 3;

    /// <summary>From the mark on no fence is up, and what serves then does so until the write is done.</summary>
    private async Task RequireServingAsync(ServingIndex index)
    {
        var name = index.Definition.Name;
        var aliases = await qdrant.AliasesAsync(CancellationToken.None);
        var serving = aliases.TargetOf(name);
        var problem = serving != index.Collection ? $"index '{name}' was switched to {serving ?? "nothing"} while points were to be written to {index.Collection}"
            : IndexAliases.Tokens(name, aliases) is not [var token] || token.Target != serving ? $"somebody re-pointed alias '{name}' or its epoch token by hand, so that nobody knows what serves"
            : null;
        if (problem is not null)
        {
            throw new OperatorException(OperatorError.Conflict, $"{problem}; nothing was written");
        }
    }
}
