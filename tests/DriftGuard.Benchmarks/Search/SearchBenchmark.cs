extern alias embedded;
using System.Diagnostics;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Points;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;
using embedded::DriftGuard.Qdrant.Embedded;
using embedded::DriftGuard.Qdrant.Embedded.Search;
using ArenaDistance = embedded::Qdrant.Client.Grpc.Distance;
using WireDistance = Qdrant.Client.Grpc.Distance;

namespace DriftGuard.Benchmarks.Search;

/// <summary>
/// Exact search in the embedded server's arena against reading as much memory once with as many threads, in turns: a scan cannot be
/// faster than its memory. And the same search over gRPC.
/// </summary>
internal static class SearchBenchmark
{
    private const int Points = 100_000;
    private const int Dimensions = 384;
    private const int Limit = 10;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var rounds = quick ? 30 : 200;
        var random = new Random(3);
        var arena = new VectorArena(Dimensions);
        for (var slot = 0; slot < Points; slot++)
        {
            arena.Set(slot, UnitVectors.Next(random, Dimensions));
        }

        var queries = Enumerable.Range(0, rounds).Select(_ => UnitVectors.Next(random, Dimensions)).ToList();
        var table = new Table($"exact search, {Points:N0} x {Dimensions}, best {Limit}", "min", "median", "max");
        foreach (var threads in Environment.ProcessorCount > 1 ? new[] { 1, Environment.ProcessorCount } : [1])
        {
            AddArena(table, arena, queries, threads);
        }

        await AddWireAsync(table, arena, queries);
        table.Write(output);
    }

    private static void AddArena(Table table, VectorArena arena, List<float[]> queries, int threads)
    {
        var (reads, searches) = (new List<double>(), new List<double>());
        for (var round = -queries.Count / 4; round < queries.Count; round++) // some rounds first, for the compiler
        {
            var read = Milliseconds(() => MemoryRead.Sum(arena, Points, threads));
            var search = Milliseconds(() => arena.Search(queries[Math.Max(0, round)], ArenaDistance.Cosine, Limit, threads: threads));
            if (round >= 0)
            {
                reads.Add(read);
                searches.Add(search);
            }
        }

        table.Add($"read the memory once, {threads} thread(s), ms", MinMedianMax.Of(reads), "F2");
        table.Add($"search the arena, {threads} thread(s), ms", MinMedianMax.Of(searches), "F2");
        table.Add($"ratio within a round, {threads} thread(s)", MinMedianMax.Of(searches.Zip(reads, (s, r) => s / r)), "F2");
    }

    private static async Task AddWireAsync(Table table, VectorArena arena, List<float[]> queries)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await EmbeddedQdrant.StartAsync(new() { DataDirectory = directory.Path });
        using var qdrant = new QdrantStore(new() { Address = server.Address });
        await qdrant.CreateCollectionAsync("search", CollectionSchema.Of(Dimensions, WireDistance.Cosine));
        foreach (var slots in Enumerable.Range(0, Points).Chunk(1000))
        {
            await qdrant.UpsertAsync("search", [.. slots.Select(slot => WireForms.NewPoint(PointId.FromNumber((ulong)slot), arena[slot]))]);
        }

        var times = new List<double>();
        for (var round = -queries.Count / 4; round < queries.Count; round++)
        {
            var watch = Stopwatch.StartNew();
            var hits = await qdrant.SearchAsync("search", new NearestQuery(queries[Math.Max(0, round)]) { Limit = Limit, Exact = true });
            if (hits.Count != Limit)
            {
                throw new InvalidOperationException($"the search found {hits.Count} points, expected {Limit}: the figure would mean nothing");
            }

            if (round >= 0)
            {
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        table.Add("search over gRPC, ms", MinMedianMax.Of(times), "F2");
    }

    private static double Milliseconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }
}
