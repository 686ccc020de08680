using System.Threading.Channels;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Copies one partition: reads ahead, embeds, writes, and moves the cursor once a batch is acknowledged. The three overlap over
/// channels that hold two batches, so memory does not grow with the corpus. Cut off anywhere, the next attempt begins at the cursor
/// and writes the same points again.
/// </summary>
public sealed class PartitionCopier(QdrantStore qdrant, StateStore state, PointWriter writer, RolloutProgress progress, CopyStages stages)
{
    private const int BatchesAhead = 2;

    /// <summary>Copies until the partition's end.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="ordinal">The partition's position.</param>
    /// <param name="corpus">Where the texts are, and which vectors go along.</param>
    /// <param name="embedder">Makes the vectors.</param>
    /// <param name="pace">How fast, shared with all partitions of the rollout.</param>
    /// <param name="cancellation">Stops at once, calls under way included; the cursor stands at the last acknowledged batch.</param>
    /// <returns>Texts of the source in what was copied that no point has; they are not copied, since the points are what blue holds. Null where the source cannot tell.</returns>
    public async Task<long?> CopyAsync(Rollout rollout, int ordinal, IndexCorpus corpus, ITextEmbedder embedder, PacedCopy pace, CancellationToken cancellation)
    {
        var partition = await state.ClaimPartitionAsync(rollout.Id, ordinal, cancellation);
        if (partition.Done)
        {
            return 0;
        }

        long? surplus = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var read = Channel.CreateBounded<CorpusPage>(BatchesAhead);
        var embedded = Channel.CreateBounded<(CorpusPage Page, EmbeddedBatch Batch)>(BatchesAhead);
        Task[] underWay =
        [
            Stage(read.Writer, async () => surplus = await ReadAsync(rollout, partition, corpus, pace, read.Writer, stop.Token)),
            Stage(embedded.Writer, () => EmbedAsync(rollout, corpus, pace.Slow(stages.Timed(embedder)), read.Reader, embedded.Writer, stop.Token)),
            Stage<object>(null, () => WriteAsync(rollout, partition, embedder, pace, embedded.Reader, stop.Token)),
        ];
        await Task.WhenAll(underWay);
        return surplus;

        // A stage that fails stops the others; Task.WhenAll then reports its exception first.
        async Task Stage<T>(ChannelWriter<T>? output, Func<Task> work)
        {
            try
            {
                await work();
                output?.TryComplete();
            }
            catch (Exception exception)
            {
                await stop.CancelAsync();
                output?.TryComplete(exception);
                throw;
            }
        }
    }

    private async Task<long?> ReadAsync(Rollout rollout, Partition partition, IndexCorpus corpus, PacedCopy pace, ChannelWriter<CorpusPage> output, CancellationToken cancellation)
    {
        long? surplus = 0;
        PointId? end = partition.End is null ? null : PointId.Parse(partition.End);
        await using var pages = corpus.ReadAsync(qdrant, rollout.Blue, PointId.Parse(partition.Cursor), end, rollout.Settings.BatchSize, cancellation)
            .GetAsyncEnumerator(cancellation);
        while (await NextAsync())
        {
            var page = pages.Current;
            using (stages.Time(CopyStage.Wait))
            {
                await pace.ReadAsync(page.Points.Count, cancellation);
            }

            await output.WriteAsync(page, cancellation);
            surplus += page.Surplus;
        }

        return surplus;

        async Task<bool> NextAsync()
        {
            using (stages.Time(CopyStage.Read))
            {
                return await pages.MoveNextAsync();
            }
        }
    }

    private async Task EmbedAsync(
        Rollout rollout,
        IndexCorpus corpus,
        ITextEmbedder embedder,
        ChannelReader<CorpusPage> input,
        ChannelWriter<(CorpusPage Page, EmbeddedBatch Batch)> output,
        CancellationToken cancellation)
    {
        await foreach (var (page, batch) in OrderedWork.RunAsync(input.ReadAllAsync(cancellation), PrepareAsync, embedder.CallsAtOnce, cancellation))
        {
            await output.WriteAsync((page, batch), cancellation);
        }

        async Task<EmbeddedBatch> PrepareAsync(CorpusPage page, CancellationToken stop)
        {
            using (stages.Time(CopyStage.Prepare))
            {
                return await writer.EmbedAsync(embedder, corpus.Vector, page.Points, rollout.Settings.ParkAfter, stop);
            }
        }
    }

    private async Task WriteAsync(
        Rollout rollout,
        Partition partition,
        ITextEmbedder embedder,
        PacedCopy pace,
        ChannelReader<(CorpusPage Page, EmbeddedBatch Batch)> input,
        CancellationToken cancellation)
    {
        var cursor = partition.Cursor;
        await foreach (var (page, batch) in input.ReadAllAsync(cancellation))
        {
            TimeSpan took;
            using (stages.Time(CopyStage.Write))
            {
                took = await pace.WriteAsync(() => writer.WriteAsync(rollout.Green, embedder, batch, cancellation), batch.Points.Count, cancellation);
            }

            cursor = page.Next?.ToString() ?? partition.End ?? cursor;
            using (stages.Time(CopyStage.Record))
            {
                if (batch.Parked.Count > 0)
                {
                    await state.ParkAsync(rollout.Id, batch.Parked, cancellation);
                }

                await AdvanceAsync(rollout, partition, new(cursor, batch.Points.Count, batch.Truncated, Done: false, batch.Tokens), cancellation);
            }

            pace.Recorded(batch.Tokens);
            progress.Advance(rollout.Id, page.Points.Count);
            using (stages.Time(CopyStage.Wait))
            {
                await pace.RestAsync(took, cancellation);
            }
        }

        await AdvanceAsync(rollout, partition, new(partition.End ?? cursor, 0, 0, Done: true), cancellation);
    }

    private async Task AdvanceAsync(Rollout rollout, Partition partition, PartitionAdvance advance, CancellationToken cancellation)
    {
        if (!await state.AdvancePartitionAsync(rollout.Id, partition.Ordinal, partition.Attempt, advance, cancellation))
        {
            throw new OperationCanceledException($"partition {partition.Ordinal} of rollout {rollout.Id} was taken over by another attempt");
        }
    }
}
