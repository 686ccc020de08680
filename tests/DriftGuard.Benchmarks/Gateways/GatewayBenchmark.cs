using System.Diagnostics;
using System.Net.Http.Json;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Workers;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Benchmarking;
using DriftGuard.Qdrant;

namespace DriftGuard.Benchmarks.Gateways;

/// <summary>
/// What a search through the gateway takes more than the same search of Qdrant itself with a vector of one's own: three processes, a model that
/// costs nothing, each kind of call in turn, so that both meet the same machine.
/// </summary>
internal static class GatewayBenchmark
{
    private const int Points = 20_000;
    private const int WarmUp = 500;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var (runs, calls) = quick ? (1, 1_000) : (5, 4_000);
        using var server = CopyRoles.StartServer(Points);
        var address = await server.LineAsync();
        using var gateway = ChildProcess.Start(GatewayRole.Name, address);
        using var http = new HttpClient { BaseAddress = new(await gateway.LineAsync()) };
        using var qdrant = new QdrantStore(new() { Address = new(address) });
        var model = BlueCollection.Model();
        await MeasureAsync(WarmUp);

        var all = new List<(double[] Direct, double[] Through)>();
        for (var run = 0; run < runs; run++)
        {
            all.Add(await MeasureAsync(calls));
        }

        var table = new Table($"search of {Points:N0} points, ms", "min", "median", "max");
        foreach (var share in (double[])[0.5, 0.99])
        {
            var name = $"p{share * 100:0}";
            table.Add($"{name}, direct", MinMedianMax.Of(all.Select(run => At(run.Direct, share))), "F2");
            table.Add($"{name}, through the gateway", MinMedianMax.Of(all.Select(run => At(run.Through, share))), "F2");
            table.Add($"{name}, difference", MinMedianMax.Of(all.Select(run => At(run.Through, share) - At(run.Direct, share))), "F2");
        }

        table.Write(output);

        async Task<(double[] Direct, double[] Through)> MeasureAsync(int count)
        {
            var (direct, through) = (new double[count], new double[count]);
            for (var i = 0; i < count; i++)
            {
                var text = $"question number {i} of somebody";
                var began = Stopwatch.GetTimestamp();
                var vector = (await model.EmbedAsync([text], InputKind.Query, default))[0].Vector!;
                await qdrant.SearchAsync(SeededRollout.Index, new(vector) { Payload = PayloadSelection.All });
                direct[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;

                began = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsJsonAsync($"v1/indexes/{SeededRollout.Index}/search", new { text });
                await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                through[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            Array.Sort(direct);
            Array.Sort(through);
            return (direct, through);
        }
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
