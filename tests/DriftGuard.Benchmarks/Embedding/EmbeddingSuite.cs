using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Benchmarking;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>Each model of the repository on each of its corpora: the pipeline against its raw limit, in turns.</summary>
internal static class EmbeddingSuite
{
    private const int MostTexts = 2000;
    private const int Queries = 300;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        using var e5 = E5Model.Folder();
        var shares = new Table(
            "embedding", "texts", "tokens a text", "padding", "pipeline, texts/s", "tokens/s", "raw, texts/s", "tokens a run", "share, min", "median", "max");
        var latencies = new Table("single query, ms", "first", "p50", "p95", "p99");
        foreach (var folder in RepositoryFolders.Models().Concat(e5 is null ? [] : [e5.Path]))
        {
            using var benchmark = ModelBenchmark.Open(folder, new());
            var name = benchmark.Model.Spec.Name;
            var queries = Texts.Read(RepositoryFolders.Corpora()[0], Queries);
            var latency = await benchmark.LatencyAsync(queries, quick ? 50 : Queries);
            latencies.Add(name, Ms(latency.First), Ms(latency.P50), Ms(latency.P95), Ms(latency.P99));
            await benchmark.Model.TuneAsync();
            await output.WriteLineAsync($"{name}: {benchmark.Model.Description}");
            foreach (var corpus in RepositoryFolders.Corpora())
            {
                var t = await benchmark.ThroughputAsync(Texts.Read(corpus, quick ? 100 : MostTexts), InputKind.Document, quick ? 2 : 7);
                shares.Add(
                    $"{name} on {Path.GetFileName(Path.GetDirectoryName(corpus))}", Table.Text(t.Texts, "N0"), Table.Text((double)t.Tokens / t.Texts, "F1"),
                    Table.Text(t.PaddingShare, "P1"), Table.Text(t.TextsPerSecond.Median, "N0"), Table.Text(t.TokensPerSecond, "N0"),
                    Table.Text(t.Raw!.TextsPerSecond.Median, "N0"), Table.Text(t.Raw.TokensPerRun, "N0"),
                    Table.Text(t.Raw.Share.Min, "F3"), Table.Text(t.Raw.Share.Median, "F3"), Table.Text(t.Raw.Share.Max, "F3"));
            }
        }

        await output.WriteLineAsync();
        shares.Write(output);
        latencies.Write(output);
    }

    private static string Ms(double milliseconds) => Table.Text(milliseconds, "F2");
}
