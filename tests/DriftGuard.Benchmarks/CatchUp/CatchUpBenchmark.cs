using System.Diagnostics;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Benchmarks.CatchUp;

/// <summary>A pass over two collections that agree: what it costs to find out that nothing changed, proofs included.</summary>
internal static class CatchUpBenchmark
{
    private const int Partitions = 16;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var (points, rounds) = quick ? (20_000, 3) : (200_000, 5);
        using var directory = new TemporaryDirectory();
        using var server = CopyRoles.StartServer(points);
        using var qdrant = new QdrantStore(new() { Address = new Uri(await server.LineAsync()) });
        var state = await StateForRun.InFileAsync(directory.Path);
        await using var worker = await BenchmarkWorker.StartAsync(qdrant, state.Store, SeededRollout.NewModel(), SeededRollout.ConcurrentPartitions, supervises: false);
        var rollout = await SeededRollout.AddAsync(qdrant, state.Store, new() { Partitions = Partitions });
        await worker.Runner.RunAsync(rollout.Id, new() { Until = decision => decision.Action == RolloutAction.RunCatchUpPass }, default); // which warms up, too

        var (seconds, busy) = (new List<double>(), new List<double>());
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < rounds; round++)
        {
            var seen = await worker.Services.GetRequiredService<RolloutObserver>().ObserveAsync(rollout.Id, default);
            var (own, its) = (process.TotalProcessorTime, server.CpuTime);
            var watch = Stopwatch.StartNew();
            var after = await worker.Services.GetRequiredService<RolloutSteps>().RunAsync(RolloutAction.RunCatchUpPass, seen, default);
            seconds.Add(watch.Elapsed.TotalSeconds / points * 1e6);
            process.Refresh();
            busy.Add((process.TotalProcessorTime - own + (server.CpuTime - its)).TotalSeconds / points * 1e6);
            if (after.LastPass is not { Changes: 0 } pass || pass.Compared != points)
            {
                throw new InvalidOperationException($"the pass found {after.LastPass}, expected {points} points and no change: the figure would mean nothing");
            }
        }

        var table = new Table($"a pass over {points:N0} unchanged points", "min", "median", "max");
        table.Add("seconds per million points", MinMedianMax.Of(seconds), "F1");
        table.Add("points/s", MinMedianMax.Of(seconds.Select(s => 1e6 / s)), "N0");
        table.Add("CPU seconds per million, both processes", MinMedianMax.Of(busy), "F1");
        table.Write(output);
    }
}
