using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Benchmarking;

/// <summary>What a model did on a list of texts.</summary>
/// <param name="Texts">How many.</param>
/// <param name="Failed">Those of them that got no vector.</param>
/// <param name="Tokens">Tokens that the model saw of them, special ones included.</param>
/// <param name="Truncated">Texts of which tokens beyond the limit were left out.</param>
/// <param name="PaddingShare">Padding among all tokens that were computed, 0 to 1.</param>
/// <param name="Repeated">How often the texts were gone through in one pass.</param>
/// <param name="TextsPerSecond">Of the pipeline, from text to vector.</param>
/// <param name="TokensPerSecond">Of the pipeline, median.</param>
/// <param name="Raw">What the sessions alone can do; <see langword="null"/> where vectors are computed elsewhere.</param>
public sealed record ModelThroughput(
    int Texts, int Failed, long Tokens, long Truncated, double PaddingShare, int Repeated, MinMedianMax TextsPerSecond, double TokensPerSecond, RawThroughput? Raw);

/// <summary>What the same sessions do with batches that were tokenised and laid out beforehand, without pooling.</summary>
/// <param name="TokensPerRun">Tokens a run, the fastest number of them; 1 for one text a run.</param>
/// <param name="TextsPerSecond">Texts a second.</param>
/// <param name="Share">The pipeline's share of it, round by round.</param>
public sealed record RawThroughput(int TokensPerRun, MinMedianMax TextsPerSecond, MinMedianMax Share);

/// <summary>How long single queries take, milliseconds.</summary>
/// <param name="Queries">How many were measured, the first not counted.</param>
/// <param name="First">The first one.</param>
/// <param name="P50">Half take no longer.</param>
/// <param name="P95">95 % take no longer.</param>
/// <param name="P99">99 % take no longer.</param>
public sealed record QueryLatency(int Queries, double First, double P50, double P95, double P99);

/// <summary>Smallest, middle and largest of repeated measurements.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Median">Middle; of an even number the mean of the two.</param>
/// <param name="Max">Largest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MinMedianMax(double Min, double Median, double Max)
{
    /// <summary>The spread of at least one value.</summary>
    public static MinMedianMax Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new(sorted[0], (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[^1]);
    }
}
