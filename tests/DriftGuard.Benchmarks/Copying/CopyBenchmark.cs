extern alias embedded;
using System.Text.Json;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Copying;
using embedded::DriftGuard.Qdrant.Embedded;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>
/// The copy engine without the price of a model: points a second with the embedded server in this process and in another one, in turns,
/// and the memory of the copying process for a small and a large corpus.
/// </summary>
internal static class CopyBenchmark
{
    private const double Target = 20_000;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var (points, rounds) = quick ? (20_000, 3) : (50_000, 5);
        await SpeedAsync(output, points, rounds);
    }

    // As .NET sets it by itself where a container has a memory limit, to three quarters of it.
    private const int HeapLimit = 96 * 1024 * 1024;

    /// <summary>The memory of the copying process, its server being another one, for a small corpus and large ones.</summary>
    public static Task MemoryAsync(TextWriter output, bool quick) => MemoryAsync(output, quick ? [10_000, 40_000] : [10_000, 100_000, 1_000_000]);

    private static async Task SpeedAsync(TextWriter output, int points, int rounds)
    {
        using var directory = new TemporaryDirectory();
        using var child = CopyRoles.StartServer(points);
        var childAddress = new Uri(await child.LineAsync());
        await using var server = await EmbeddedQdrant.StartAsync(new() { DataDirectory = Path.Combine(directory.Path, "server") });
        using var near = new QdrantStore(new() { Address = server.Address });
        using var far = new QdrantStore(new() { Address = childAddress });
        await BlueCollection.FillAsync(near, points);
        using var same = new CopyRun(near, Path.Combine(directory.Path, "same"), new RolloutSettings());
        using var other = new CopyRun(far, Path.Combine(directory.Path, "other"), new RolloutSettings());

        var (sameRuns, otherRuns, otherCpu) = (new List<CopyFigures>(), new List<CopyFigures>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var inSame = await same.RunAsync();
            var before = child.CpuTime;
            var inOther = await other.RunAsync();
            if (round > 0) // the first warms up
            {
                sameRuns.Add(inSame);
                otherRuns.Add(inOther);
                otherCpu.Add(((child.CpuTime - before).TotalSeconds + inOther.CpuSeconds) * 1e6 / points);
            }
        }

        var table = new Table($"copy of {points:N0} points", "min", "median", "max");
        table.Add("points/s, server in this process", MinMedianMax.Of(sameRuns.Select(r => r.PointsPerSecond)), "N0");
        table.Add("points/s, server in another process", MinMedianMax.Of(otherRuns.Select(r => r.PointsPerSecond)), "N0");
        table.Add("ratio to 20,000, server in this process", MinMedianMax.Of(sameRuns.Select(r => r.PointsPerSecond / Target)), "F2");
        table.Add("ratio to 20,000, server in another process", MinMedianMax.Of(otherRuns.Select(r => r.PointsPerSecond / Target)), "F2");
        table.Add("CPU µs/point, server in this process", MinMedianMax.Of(sameRuns.Select(r => r.CpuSeconds * 1e6 / r.Points)), "F1");
        table.Add("CPU µs/point, both processes", MinMedianMax.Of(otherCpu), "F1");
        table.Add("CPU µs/point, copying process alone", MinMedianMax.Of(otherRuns.Select(r => r.CpuSeconds * 1e6 / r.Points)), "F1");
        table.Write(output);
        Shares(output, "server in this process", sameRuns);
        Shares(output, "server in another process", otherRuns);
    }

    /// <summary>Stages overlap: the shares are of the time of a partition's pipeline, and add up to more than 1 where it is busy.</summary>
    private static void Shares(TextWriter output, string where, List<CopyFigures> runs)
    {
        var table = new Table($"share of a partition's time, {where}", "min", "median", "max");
        foreach (var stage in Enum.GetValues<CopyStage>())
        {
            table.Add(stage.ToString(), MinMedianMax.Of(runs.Select(r => r.ShareOf(stage, new RolloutSettings().ConcurrentPartitions))), "P1");
        }

        table.Write(output);
    }

    private static async Task MemoryAsync(TextWriter output, int[] sizes)
    {
        var table = new Table(
            "memory of the copying process", "peak managed heap, MB", "after full GC, MB", "peak working set, MB", $"the heap limited to {HeapLimit / 1024 / 1024} MiB: peak managed heap, MB", "peak working set, MB");
        foreach (var size in sizes)
        {
            using var server = CopyRoles.StartServer(size);
            var address = await server.LineAsync();
            var (usual, limited) = (await CopyAsync(address, heapLimit: null), await CopyAsync(address, HeapLimit));
            table.Add(
                $"{usual.Points:N0} points", Megabytes(usual.PeakHeapBytes), Megabytes(usual.LiveHeapBytes), Megabytes(usual.PeakWorkingSetBytes),
                Megabytes(limited.PeakHeapBytes), Megabytes(limited.PeakWorkingSetBytes));
        }

        table.Write(output);
    }

    private static async Task<MemoryFigures> CopyAsync(string address, int? heapLimit)
    {
        using var copier = ChildProcess.StartWithin(heapLimit, CopyRoles.Copier, address);
        return JsonSerializer.Deserialize<MemoryFigures>(await copier.LineAsync())!;
    }

    private static string Megabytes(long bytes) => Table.Text(bytes / 1e6, "F1");
}
