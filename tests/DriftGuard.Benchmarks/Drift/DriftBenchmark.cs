using DriftGuard.Benchmarks.Reporting;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>What the drift detectors cost, and what they find.</summary>
internal static class DriftBenchmark
{
    public static async Task RunAsync(TextWriter output, bool quick, string? part)
    {
        if (part is null or "speed")
        {
            DiscrepancySpeed.Run(output, quick);
        }

        if (part is null or "samples")
        {
            SamplePower.Run(output, quick);
        }

        if (part is "speed" or "samples")
        {
            return;
        }

        var texts = await DriftTexts.EmbedAsync(RepositoryFolders.Models()[0]);
        if (part is null or "queries")
        {
            QueryPower.Run(output, texts, quick);
        }

        if (part is null or "documents")
        {
            DocumentPower.Run(output, texts, quick);
        }
    }

    /// <summary>The share of trials in which something was found; trials run on all cores, each with its own seed.</summary>
    public static double Share(int trials, Func<Random, bool> found)
    {
        var count = 0;
        Parallel.For(0, trials, trial =>
        {
            if (found(new Random(trial + 1)))
            {
                Interlocked.Increment(ref count);
            }
        });
        return count / (double)trials;
    }

    public static string Text(double share) => Table.Text(share, "F2");
}
