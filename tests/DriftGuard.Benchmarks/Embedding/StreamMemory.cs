using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>Memory of a stream of texts that is embedded and taken one by one: it should not grow with the number of texts.</summary>
internal static class StreamMemory
{
    private static readonly int[] Marks = [10_000, 50_000, 200_000];

    public static async Task RunAsync(TextWriter output, bool quick)
    {
        var marks = quick ? Marks.Select(m => m / 10).ToArray() : Marks;
        var table = new Table("memory of a stream, static model", "managed heap after a full collection, MB", "peak managed heap, MB", "peak working set, MB");
        using var model = EmbeddingModel.Open(RepositoryFolders.Models()[^1]);
        await using var watch = new MemoryWatch();
        var taken = 0;
        await foreach (var outcome in model.EmbedStreamAsync(TextsAsync(marks[^1]), InputKind.Document))
        {
            taken++;
            if (!outcome.IsEmbedded)
            {
                throw new InvalidOperationException($"text {taken} has no vector ({outcome.Failure}): the figures would mean nothing");
            }

            if (Array.IndexOf(marks, taken) >= 0)
            {
                var figures = watch.Figures(taken);
                table.Add($"{taken:N0} texts", Megabytes(figures.LiveHeapBytes), Megabytes(figures.PeakHeapBytes), Megabytes(figures.PeakWorkingSetBytes));
            }
        }

        table.Write(output);
    }

    /// <summary>Texts that are made as they are asked for, no two alike.</summary>
    private static async IAsyncEnumerable<string> TextsAsync(int count)
    {
        var sentences = Texts.Read(RepositoryFolders.Corpora()[0]);
        for (var i = 0; i < count; i++)
        {
            if (i % 1000 == 0)
            {
                await Task.Yield();
            }

            yield return $"{i} {sentences[i % sentences.Count]}";
        }
    }

    private static string Megabytes(long bytes) => Table.Text(bytes / 1e6, "F1");
}
