using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.Core.Statistics;
using DriftGuard.State;

namespace DriftGuard.Worker.Shadow;

/// <summary>How long a side takes to embed and search.</summary>
/// <param name="P50">Milliseconds that half of the queries stay within; null where none was timed.</param>
/// <param name="P95">Milliseconds that 95 % of them stay within.</param>
public sealed record ShadowLatency(double? P50, double? P95)
{
    internal static ShadowLatency Of(LatencyHistogram times) => new(times.Quantile(.5), times.Quantile(.95));
}

/// <summary>How live queries were answered by both collections of a rollout.</summary>
public sealed record ShadowSummary
{
    /// <summary>Searches by text that blue answered meanwhile.</summary>
    public required long Texts { get; init; }

    /// <summary>Those of them that both answered.</summary>
    public required long Compared { get; init; }

    /// <summary>The same as a share; null where there was none.</summary>
    public required double? Share { get; init; }

    /// <summary>Searches by vector, which the new model cannot embed.</summary>
    public required long NotComparable { get; init; }

    /// <summary>Texts that there was no room for, or whose index was switched before green answered.</summary>
    public required long Dropped { get; init; }

    /// <summary>Texts that green could not answer.</summary>
    public required long Failed { get; init; }

    /// <summary>k of overlap@k: results of each answer that are compared.</summary>
    public int Depth { get; } = ShadowFigures.Depth;

    /// <summary>The mean overlap; null where nothing was compared.</summary>
    public required double? Overlap { get; init; }

    /// <summary>Its standard error, as of queries that are independent of each other; null with fewer than two.</summary>
    public required double? OverlapError { get; init; }

    /// <summary>The share of queries whose answers have nothing in common.</summary>
    public required double? Disjoint { get; init; }

    /// <summary>The mean of green's first score less blue's; the two scales differ.</summary>
    public required double? TopShift { get; init; }

    /// <summary>The same of the means over what is compared.</summary>
    public required double? MeanShift { get; init; }

    /// <summary>Queries that were timed: those that were compared once green's index was built.</summary>
    public required long Timed { get; init; }

    /// <summary>How long blue took, in the request.</summary>
    public required ShadowLatency Blue { get; init; }

    /// <summary>How long green took for the same queries, in the background, one at a time.</summary>
    public required ShadowLatency Green { get; init; }

    /// <summary>How many gateways counted.</summary>
    public required int Gateways { get; init; }

    /// <summary>The first minute.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The last minute.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>In a sentence.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Compared:N0} of {Texts:N0} live queries by text were answered by both: ")
        + (Overlap is { } overlap
            ? string.Create(CultureInfo.InvariantCulture, $"overlap@{Depth} {overlap:0.000}{(OverlapError is { } error ? string.Create(CultureInfo.InvariantCulture, $" (standard error {error:0.000})") : "")}, nothing in common in {Disjoint:0.0%}")
            : "nothing to compare yet");

    internal static ShadowSummary Of(ShadowTotals totals)
    {
        var figures = totals.Figures;
        return new()
        {
            Texts = figures.Texts,
            Compared = figures.Compared,
            Share = Of(figures.Compared, figures.Texts),
            NotComparable = figures.NotComparable,
            Dropped = figures.Dropped,
            Failed = figures.Failed,
            Overlap = figures.MeanOverlap(),
            OverlapError = figures.OverlapError(),
            Disjoint = Of(figures.Disjoint, figures.Compared),
            TopShift = Of(figures.TopShiftSum, figures.Shifted),
            MeanShift = Of(figures.MeanShiftSum, figures.Shifted),
            Timed = figures.Green.Count,
            Blue = ShadowLatency.Of(figures.Blue),
            Green = ShadowLatency.Of(figures.Green),
            Gateways = totals.Gateways,
            Since = totals.Since,
            Until = totals.Until,
        };
    }

    private static double? Of(double sum, long count) => count == 0 ? null : sum / count;
}

/// <summary>A document that a side found.</summary>
/// <param name="Rank">Its rank, from 1.</param>
/// <param name="Document">Its id, as the rollout's calibration set names documents.</param>
/// <param name="Score">Its score, on that side's scale.</param>
/// <param name="Shared">Whether the other side found it too, among what is compared.</param>
/// <param name="Excerpt">The beginning of its text; null where it cannot be read or is gone.</param>
public sealed record ShadowResult(int Rank, string Document, double Score, bool Shared, string? Excerpt);

/// <summary>A query whose answers differ.</summary>
/// <param name="Key">SHA-256 of its text.</param>
/// <param name="Text">Its text; null where texts are not kept.</param>
/// <param name="Overlap">How much of the answers is the same, from 0 to 1.</param>
/// <param name="TopShift">Green's first score less blue's.</param>
/// <param name="MeanShift">The same of the means over what is compared.</param>
/// <param name="At">When it was answered last.</param>
/// <param name="Seen">How often it was answered while it was kept.</param>
/// <param name="Blue">What blue answered last.</param>
/// <param name="Green">What green answered last.</param>
public sealed record ShadowDifference(
    string Key, string? Text, double Overlap, double? TopShift, double? MeanShift, DateTimeOffset At, long Seen, IReadOnlyList<ShadowResult> Blue, IReadOnlyList<ShadowResult> Green);

/// <summary>What is known of a rollout's live queries, as commands and the API show it.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Index">Its index.</param>
/// <param name="From">The model that serves.</param>
/// <param name="To">The model that is to.</param>
/// <param name="Summary">The figures; null where nothing was counted.</param>
/// <param name="Kept">Queries that are kept, those with equal answers included.</param>
/// <param name="Differences">Those whose answers differ most, the most first.</param>
/// <param name="Unread">Why no texts of documents are there; null where they could be read.</param>
public sealed record ShadowReport(
    string Rollout, string Index, string From, string To, ShadowSummary? Summary, int Kept, IReadOnlyList<ShadowDifference> Differences, string? Unread)
{
    /// <summary>How many differences are shown unless said.</summary>
    public const int DifferencesUnlessSaid = 20;

    /// <summary>How many are shown or exported at the most.</summary>
    public const int MostDifferences = 10_000;

    /// <summary>How it is written as JSON: camelCase keys, always all of them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same for people's eyes.</summary>
    public static JsonSerializerOptions IndentedJson { get; } = new(Json) { WriteIndented = true };
}

/// <summary>Differences that were written to be judged.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">Pairs of query and document to judge.</param>
/// <param name="Queries">Queries they belong to.</param>
/// <param name="WithoutText">Queries that could not be written, since their texts are not kept.</param>
/// <param name="Seed">Seed of the order of each query's documents.</param>
public sealed record ExportedDifferences(string File, int Rows, int Queries, int WithoutText, int Seed);
