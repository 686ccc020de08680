using System.Diagnostics;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Postgres;

namespace DriftGuard.Benchmarks.Cluster;

/// <summary>
/// Two workers against one, on one PostgreSQL and one Qdrant, where the model is what they wait for: a batch takes a fixed time and no processor, so
/// the cores of this machine are not the limit.
/// </summary>
internal static class SpeedUpBenchmark
{
    private const int Partitions = 16;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        if (PostgresServer.Missing is { } missing)
        {
            await output.WriteLineAsync($"cluster: {missing}");
            return;
        }

        var (points, rounds) = quick ? (16_000, 1) : (40_000, 3);
        using var server = CopyRoles.StartServer(points);
        var address = new Uri(await server.LineAsync());
        var (one, two) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            one.Add(await SecondsAsync(address, workers: 1));
            two.Add(await SecondsAsync(address, workers: 2));
        }

        var table = new Table($"{points:N0} points in {Partitions} partitions, {BatchTime.TotalMilliseconds:N0} ms a batch", "min", "median", "max");
        table.Add("1 worker, s", MinMedianMax.Of(one), "F1");
        table.Add("2 workers, s", MinMedianMax.Of(two), "F1");
        table.Add("speed-up", MinMedianMax.Of(one.Zip(two, (single, pair) => single / pair)), "F2");
        table.Write(output);
    }

    /// <summary>From the record of the rollout to the last cursor, by workers that run already.</summary>
    private static async Task<double> SecondsAsync(Uri address, int workers)
    {
        var state = await StateForRun.InPostgresAsync();
        using var qdrant = new QdrantStore(new() { Address = address });
        var running = Enumerable.Range(0, workers).Select(_ => WorkerRole.Start(address, state.Place, BatchTime)).ToList();
        foreach (var worker in running)
        {
            await worker.LineAsync();
        }

        // A worker is counted once it has checked in; the limits are divided by the count.
        await Task.Delay(TimeSpan.FromSeconds(3));
        var watch = Stopwatch.StartNew();
        var rollout = await SeededRollout.AddAsync(qdrant, state.Store, new() { Partitions = Partitions });
        await SeededRollout.UntilAsync(state.Store, rollout, totals => totals.Done == Partitions);
        var seconds = watch.Elapsed.TotalSeconds;
        running.ForEach(worker => worker.Kill());
        running.ForEach(worker => worker.Dispose());
        await qdrant.DeleteCollectionAsync(rollout.Green);
        return seconds;
    }
}
