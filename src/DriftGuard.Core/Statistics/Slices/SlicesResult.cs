using System.Globalization;
using System.Text.Json.Serialization;

namespace DriftGuard.Core.Statistics.Slices;

/// <summary>What all slices say together.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlicesOutcome>))]
public enum SlicesOutcome
{
    /// <summary>A critical slice could not be tested.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>No slice is worse; there may be warnings.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>At least one slice is worse.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}

/// <summary>All slices compared.</summary>
/// <param name="Outcome">Pass, fail or inconclusive.</param>
/// <param name="Slices">Each slice with its figures, in the order given.</param>
/// <param name="Margin">The loss from which a slice may fail.</param>
/// <param name="Alpha">The chance of even one false failure.</param>
/// <param name="Seed">Seed of the random signs.</param>
public sealed record SlicesResult(SlicesOutcome Outcome, IReadOnlyList<SliceResult> Slices, double Margin, double Alpha, int Seed)
{
    /// <summary>One sentence a slice that is worse.</summary>
    public IEnumerable<string> WorseSentences => Slices.Where(slice => slice.Verdict == SliceVerdict.Worse).Select(Worse);

    /// <summary>One sentence a slice that was not tested.</summary>
    public IEnumerable<string> NotTestedSentences => Slices.Where(slice => slice.Verdict == SliceVerdict.NotTested).Select(NotTested);

    private static string Worse(SliceResult slice) => string.Create(
        CultureInfo.InvariantCulture,
        $"{slice.Slice.Name} is worse: {slice.Mean:+0.000;-0.000} on {slice.Slice.Queries.Count} queries in {slice.Groups} groups, p = {slice.AdjustedP:0.0000} after Holm.");

    private static string NotTested(SliceResult slice)
    {
        var missing = SlicesRule.MinimumQueries - slice.Slice.Queries.Count;
        var critical = slice.Slice.Critical
            ? $" It is critical: {(missing > 0 ? $"label {missing} or more of its queries" : $"declare at most {SlicesRule.MaximumTested} slices that large")}."
            : "";
        var harm = slice.DetectableHarm is { } detectable
            ? string.Create(CultureInfo.InvariantCulture, $" A test would only find a loss of {detectable:0.000} or more.")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{slice.Slice.Name} was not tested: {slice.Slice.Queries.Count} queries, {slice.Mean:+0.000;-0.000;0.000}.{harm}{critical}");
    }
}
