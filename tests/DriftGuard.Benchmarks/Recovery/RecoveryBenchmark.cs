using System.Diagnostics;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Postgres;

namespace DriftGuard.Benchmarks.Recovery;

/// <summary>A worker is killed while it copies: how long until a cursor moves again.</summary>
internal static class RecoveryBenchmark
{
    private const int Points = 200_000;
    private const int Partitions = 16;
    private const int CopiedBeforeTheKill = 2_000;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var rounds = quick ? 1 : 5;
        using var directory = new TemporaryDirectory();
        using var server = CopyRoles.StartServer(quick ? Points / 10 : Points);
        var address = new Uri(await server.LineAsync());
        var table = new Table("from kill -9 to the next cursor, s", "min", "median", "max");
        table.Add("state in a file: another worker is started", await RoundsAsync(() => StateForRun.InFileAsync(directory.Path), standby: false), "F2");
        if (PostgresServer.Missing is null)
        {
            table.Add("PostgreSQL: another worker is started", await RoundsAsync(StateForRun.InPostgresAsync, standby: false), "F2");
            table.Add("PostgreSQL: the other of two workers", await RoundsAsync(StateForRun.InPostgresAsync, standby: true), "F2");
        }

        table.Write(output);

        async Task<MinMedianMax> RoundsAsync(Func<Task<StateForRun>> newState, bool standby)
        {
            var seconds = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                seconds.Add(await SecondsAsync(address, await newState(), standby));
            }

            return MinMedianMax.Of(seconds);
        }
    }

    /// <summary>With another one that works already: until a cursor moves of a partition that the killed one was copying.</summary>
    private static async Task<double> SecondsAsync(Uri address, StateForRun state, bool standby)
    {
        using var qdrant = new QdrantStore(new() { Address = address });
        using var victim = WorkerRole.Start(address, state.Place, BatchTime);
        await victim.LineAsync();
        var rollout = await SeededRollout.AddAsync(qdrant, state.Store, new() { Partitions = Partitions });
        await SeededRollout.UntilAsync(state.Store, rollout, totals => totals.Copied > 0);
        var owner = (await state.Store.PartitionsAsync(rollout.Id, default)).First(p => p.Owner is not null).Owner;
        using var other = standby ? WorkerRole.Start(address, state.Place, BatchTime) : null;
        await (other?.LineAsync() ?? Task.CompletedTask);
        await SeededRollout.UntilAsync(state.Store, rollout, totals => totals.Copied > CopiedBeforeTheKill);

        var watch = Stopwatch.StartNew();
        victim.Kill();
        var left = (await state.Store.PartitionsAsync(rollout.Id, default)).Where(p => p is { Done: false, Copied: > 0 } && p.Owner == owner).ToDictionary(p => p.Ordinal, p => p.Copied);
        using var successor = standby ? null : WorkerRole.Start(address, state.Place, BatchTime);
        while (!(await state.Store.PartitionsAsync(rollout.Id, default)).Any(p => left.TryGetValue(p.Ordinal, out var copied) && p.Copied > copied))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        other?.Kill();
        successor?.Kill();
        await qdrant.DeleteCollectionAsync(rollout.Green);
        return seconds;
    }
}
