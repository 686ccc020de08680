using DriftGuard.Benchmarks.Reporting;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>Each model of the repository on each of its corpora.</summary>
internal static class EmbeddingSuite
{
    private const int MostTexts = 2000;

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var table = new Table("embedding", "texts", "raw, texts/s", "pipeline, texts/s", "ratio (median)");
        foreach (var model in RepositoryFolders.Models())
        {
            foreach (var corpus in RepositoryFolders.Corpora())
            {
                var t = await EmbeddingBenchmark.RunAsync(model, corpus, rounds: quick ? 2 : 7, limit: quick ? 100 : MostTexts);
                table.Add(
                    $"{t.Model} on {t.Texts}", Table.Text(t.Count, "N0"), Table.Text(t.RawPerSecond, "N0"), Table.Text(t.PipelinePerSecond, "N0"),
                    Table.Text(t.Ratio, "F3"));
            }
        }

        table.Write(output);
    }
}
