using System.Text.Json.Serialization;
using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>What all compared metrics say together.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MatchesOrBeatsOutcome>))]
public enum MatchesOrBeatsOutcome
{
    /// <summary>No metric is worse, and at least one is not settled.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>Every metric is better, matches, or did not change.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>At least one metric is worse.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}

/// <summary>One metric and what comparing it gave.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Result">Its verdict and figures.</param>
public sealed record MetricComparison(RetrievalMetric Metric, MatchesOrBeatsResult Result);

/// <summary>
/// The metrics' verdicts taken together. All must pass, which needs no correction for their number: an intersection of tests, each at its
/// own error, keeps that error (Berger 1982).
/// </summary>
/// <param name="Outcome">Pass, fail or inconclusive.</param>
/// <param name="Metrics">Each metric with its figures.</param>
public sealed record MatchesOrBeatsDecision(MatchesOrBeatsOutcome Outcome, IReadOnlyList<MetricComparison> Metrics)
{
    /// <summary>All metrics' sentences.</summary>
    public string Sentence => string.Join(" ", Metrics.Select(comparison => $"{comparison.Metric.Name}: {comparison.Result.Sentence}"));

    /// <summary>Combines the metrics.</summary>
    /// <exception cref="ArgumentException">There is no metric: nothing compared is not a pass.</exception>
    public static MatchesOrBeatsDecision Of(IReadOnlyList<MetricComparison> metrics)
    {
        if (metrics.Count == 0)
            throw new ArgumentException("No metric was compared; matches or beats needs at least one.", nameof(metrics));
        var outcome = metrics.Any(comparison => comparison.Result.Verdict == MatchesOrBeatsVerdict.Worse)
            ? MatchesOrBeatsOutcome.Fail
            : metrics.All(comparison => comparison.Result.Verdict.Passes())
                ? MatchesOrBeatsOutcome.Pass
                : MatchesOrBeatsOutcome.Inconclusive;
        return new MatchesOrBeatsDecision(outcome, metrics);
    }
}
