using System.Diagnostics;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Copying;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>What one copy took.</summary>
/// <param name="Points">Points copied.</param>
/// <param name="Seconds">From the plan of the partitions to the last cursor.</param>
/// <param name="CpuSeconds">Processor time of this process meanwhile, all cores together.</param>
/// <param name="Stages">Seconds of each stage, of all partitions together.</param>
internal sealed record CopyFigures(long Points, double Seconds, double CpuSeconds, IReadOnlyDictionary<string, double> Stages)
{
    /// <summary>The share of the time that the pipelines of all partitions at a time spent in a stage.</summary>
    public double ShareOf(CopyStage stage, int partitionsAtATime) => Stages.GetValueOrDefault(stage.ToString().ToLowerInvariant()) / (Seconds * partitionsAtATime);

    public double PointsPerSecond => Points / Seconds;
}

/// <summary>
/// One copy of the whole blue collection by the engine as it is: partitions planned and persisted, two of them at a time through
/// <see cref="PartitionCopier"/>, the state on SQLite, Qdrant over gRPC. Only the model is a stand-in.
/// </summary>
internal sealed class CopyRun(QdrantStore qdrant, string stateDirectory, RolloutSettings settings) : IDisposable
{
    private readonly StageClock _stages = new();
    private readonly FreeEmbedder _model = SeededRollout.NewModel();
    private int _runs;

    /// <inheritdoc/>
    public void Dispose() => _stages.Dispose();

    /// <summary>Copies into a new collection, checks that everything is there, and removes it.</summary>
    public async Task<CopyFigures> RunAsync()
    {
        var number = ++_runs;
        var folder = Directory.CreateDirectory(Path.Combine(stateDirectory, $"state-{number}"));
        var state = await StateStore.OpenAsync(Path.Combine(folder.FullName, "state.db"), TimeProvider.System, default);
        var rollout = SeededRollout.New($"{SeededRollout.Index}-r{number}", $"{SeededRollout.Index}-green-{Guid.NewGuid():N}", _model, settings);
        var blue = await qdrant.FindCollectionAsync(rollout.Blue);
        await qdrant.CreateCollectionAsync(rollout.Green, CollectionSchemas.LikeBlue(blue!, rollout.Index, "", _model));
        var copier = new PartitionCopier(qdrant, state, new PointWriter(qdrant, new RevisionSource(static _ => Task.FromResult(2L))), new RolloutProgress(), _stages.Stages);
        GC.Collect();
        _stages.Take();

        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var planned = await new PartitionPlanner(qdrant).PlanAsync(rollout, default);
        var partitions = await state.AddPartitionsAsync(rollout.Id, planned, default);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.ConcurrentPartitions };
        await Parallel.ForEachAsync(partitions, parallel, async (partition, cancellation) =>
            {
                using var pace = new PacedCopy(new CopyPace(TimeProvider.System), TimeProvider.System);
                await copier.CopyAsync(rollout, partition.Ordinal, IndexCorpus.OfField(BlueCollection.TextField), _model, pace, cancellation);
            });
        var seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        var figures = new CopyFigures((long)blue!.PointsCount, seconds, (process.TotalProcessorTime - cpu).TotalSeconds, _stages.Take());

        await RequireWholeAsync(state, rollout, figures.Points);
        await qdrant.DeleteCollectionAsync(rollout.Green);
        return figures;
    }

    private async Task RequireWholeAsync(StateStore state, Rollout rollout, long points)
    {
        var copied = (long)await qdrant.CountAsync(rollout.Green);
        var partitions = await state.PartitionsAsync(rollout.Id, default);
        if (copied != points || partitions.Sum(p => p.Copied) != points || partitions.Any(p => !p.Done))
        {
            throw new InvalidOperationException($"{rollout.Green} has {copied} points after the copy, expected {points}: the figure would mean nothing");
        }
    }
}
