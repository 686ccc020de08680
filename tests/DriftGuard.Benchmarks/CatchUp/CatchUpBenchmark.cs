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

/// <summary>A pass over two collections that agree: what it costs to find out that nothing changed, by comparing everything with proofs, and by ids and updates.</summary>
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

        var observer = worker.Services.GetRequiredService<RolloutObserver>();
        var full = new PassFigures(server);
        var after = rollout;
        for (var round = 0; round < rounds; round++)
        {
            after = await full.AddAsync(worker, await observer.ObserveAsync(rollout.Id, default), points);
        }

        await state.Store.SaveIndexAsync((await state.Store.FindIndexAsync(SeededRollout.Index, default))! with { Source = new() { UpdatedAt = "updated" } }, default);
        var byChanges = new PassFigures(server);
        for (var round = 0; round < rounds; round++)
        {
            var pass = await byChanges.AddAsync(worker, UnderTheFence(await observer.ObserveAsync(rollout.Id, default), after), points);
            if (pass.LastPass!.ChangesSince is null)
            {
                throw new InvalidOperationException("everything was compared: the figure would be of another pass");
            }
        }

        var table = new Table($"a pass over {points:N0} unchanged points, {SeededRollout.ConcurrentPartitions} partitions at a time", "min", "median", "max");
        full.Write(table, "everything compared");
        byChanges.Write(table, "ids, and what was updated");
        table.Write(output);
    }

    /// <summary>As if the pass before had taken an hour, under a fence.</summary>
    private static RolloutObservation UnderTheFence(RolloutObservation seen, Rollout after)
    {
        var fence = new WriteFence(FenceKind.Alias, "benchmark", BlueCollection.Name, seen.Now);
        var pass = after.LastPass! with { StartedAt = after.LastPass.FinishedAt.AddHours(-1) };
        return seen with
        {
            Rollout = after with { Fence = fence, LastPass = pass },
            Fence = new() { Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { [fence.Nonce] = BlueCollection.Name } },
        };
    }

    /// <summary>What passes of one kind took.</summary>
    private sealed class PassFigures(ChildProcess server)
    {
        private readonly List<double> _seconds = [];
        private readonly List<double> _busy = [];

        /// <summary>Runs one, which is to find nothing.</summary>
        public async Task<Rollout> AddAsync(BenchmarkWorker worker, RolloutObservation seen, int points)
        {
            using var process = Process.GetCurrentProcess();
            var (own, its) = (process.TotalProcessorTime, server.CpuTime);
            var watch = Stopwatch.StartNew();
            var after = await worker.Services.GetRequiredService<RolloutSteps>().RunAsync(RolloutAction.RunCatchUpPass, seen, default);
            _seconds.Add(watch.Elapsed.TotalSeconds / points * 1e6);
            process.Refresh();
            _busy.Add((process.TotalProcessorTime - own + (server.CpuTime - its)).TotalSeconds / points * 1e6);
            return after.LastPass is { Changes: 0 } pass && pass.Compared == points
                ? after
                : throw new InvalidOperationException($"the pass found {after.LastPass}, expected {points} points and no change: the figure would mean nothing");
        }

        public void Write(Table table, string kind)
        {
            table.Add($"{kind}: seconds per million points", MinMedianMax.Of(_seconds), "F1");
            table.Add($"{kind}: points/s", MinMedianMax.Of(_seconds.Select(s => 1e6 / s)), "N0");
            table.Add($"{kind}: CPU seconds per million, both processes", MinMedianMax.Of(_busy), "F1");
        }
    }
}
