using System.Diagnostics;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Postgres;

namespace DriftGuard.Benchmarks.Planning;

/// <summary>
/// A corpus of a billion points has as many partitions as this one, which has one point in each: the planner, the state, the reconciler and the
/// scheduler do for them what they would do there, and the copying between costs next to nothing.
/// </summary>
internal static class PlanningSimulation
{
    // Enough that the scheduler, and not a single copy's round trips, is what is measured.
    private const int ConcurrentPartitions = 8;
    private static readonly TimeSpan UsualRun = TimeSpan.FromSeconds(80);

    /// <summary>Runs it.</summary>
    /// <param name="output">Where the figures go.</param>
    /// <param name="quick">With 5,000 partitions.</param>
    /// <param name="whole">In a file alone, and to its end, which takes most of an hour.</param>
    public static async Task RunAsync(TextWriter output, bool quick, bool whole)
    {
        var partitions = quick ? 5_000 : 100_000;
        using var directory = new TemporaryDirectory();
        using var server = CopyRoles.StartServer(partitions);
        using var qdrant = new QdrantStore(new() { Address = new Uri(await server.LineAsync()) });
        var table = new Table($"{partitions:N0} partitions", "SQLite, one process", "PostgreSQL, clustered");
        var file = await StateForRun.InFileAsync(directory.Path);
        var longest = whole ? TimeSpan.MaxValue : UsualRun;
        var inFile = await RunAsync(qdrant, file, partitions, longest, () => Task.FromResult(DatabaseWork.OfFile(file.Place.Text)));
        PlanningFigures? shared = null;
        if (PostgresServer.Missing is null && !whole)
        {
            var postgres = await StateForRun.InPostgresAsync();
            shared = await RunAsync(qdrant, postgres, partitions, longest, () => DatabaseWork.OfPostgresAsync(postgres.Place.Text));
        }

        PlanningFigures.Add(table, inFile, shared);
        table.Write(output);
    }

    private static async Task<PlanningFigures> RunAsync(QdrantStore qdrant, StateForRun state, int partitions, TimeSpan longest, Func<Task<DatabaseWork>> work)
    {
        var model = new PulseEmbedder(SeededRollout.NewModel());
        await using var worker = await BenchmarkWorker.StartAsync(qdrant, state.Store, model, ConcurrentPartitions, supervises: false);
        var rollout = await SeededRollout.AddAsync(qdrant, state.Store, new() { Partitions = partitions, ConcurrentPartitions = ConcurrentPartitions });
        var watch = Stopwatch.StartNew();
        await worker.Runner.RunAsync(rollout.Id, new() { Until = decision => decision.Action == RolloutAction.PlanPartitions }, default);
        var planned = watch.Elapsed;
        var (before, heap) = (await work(), GC.GetTotalMemory(forceFullCollection: true));

        var peak = 0L;
        watch.Restart();
        await worker.Runner.RunAsync(rollout.Id, new()
        {
            Until = decision =>
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                return decision.Action != RolloutAction.CopyPartitions || watch.Elapsed > longest;
            },
        }, default);
        var copying = model.Last ?? watch.Elapsed;
        var done = (await state.Store.PartitionTotalsAsync(rollout.Id, default)).Done;
        var (after, live) = (await work(), GC.GetTotalMemory(forceFullCollection: true));
        var pass = done == partitions ? watch.Elapsed - copying : (TimeSpan?)null;
        var figures = new PlanningFigures(
            planned, done, copying, model.LongestGap, after.Bytes, after.RowsWritten - before.RowsWritten, after.Transactions - before.Transactions,
            live - heap, peak, pass, await LookAsync(() => state.Store.PartitionTotalsAsync(rollout.Id, default)),
            await LookAsync(() => state.Store.UnfinishedPartitionsAsync(rollout.Id, ConcurrentPartitions, default)),
            await LookAsync(() => state.Store.PartitionsAsync(rollout.Id, default)));
        await qdrant.DeleteCollectionAsync(rollout.Green);
        return figures;
    }

    private static async Task<MinMedianMax> LookAsync(Func<Task> look)
    {
        const int Looks = 15;
        var milliseconds = new List<double>();
        for (var i = 0; i <= Looks; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await look();
            if (i > 0)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        return MinMedianMax.Of(milliseconds);
    }
}
