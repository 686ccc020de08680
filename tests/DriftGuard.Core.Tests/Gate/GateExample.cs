using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.Core.Tests.Rollouts.Estimates;

namespace DriftGuard.Core.Tests.Gate;

/// <summary>Evidence under which every condition passes, as tests start from it.</summary>
internal static class GateExample
{
    public static GateEvidence Sound { get; } = new()
    {
        Completeness = new(1_000, 1_000, 0, 0, 0, []),
        Vectors = new(1_000, 0, 0, 0, 0, 0, 0, .4, []),
        Index = new(true, "built", .99, .95, 10, 200),
        Retrieval = new(DecisionOf(MatchesOrBeatsVerdict.Matches), new(200, 0, [], 0, 0)),
        Latency = new(1, 1, null),
    };

    public static MatchesOrBeatsDecision DecisionOf(MatchesOrBeatsVerdict verdict, bool tooClose = false, double mean = .9) => MatchesOrBeatsDecision.Of(
    [
        new(RetrievalMetric.CappedRecallAt10, new()
        {
            Verdict = verdict,
            Rule = ComparisonRule.Paired,
            Queries = 200,
            Groups = 200,
            MeanOld = mean,
            MeanNew = mean,
            MeanDifference = 0,
            Margin = .03,
            MarginIsDefault = true,
            Epsilon = .005,
            Alpha = .05,
            LowerBound = -.02,
            UpperBound = .02,
            MoreQueriesWillNotSettleIt = tooClose,
        }),
    ]);

    public static GateEvidence With(MatchesOrBeatsVerdict verdict, bool tooClose = false) =>
        Sound with { Retrieval = Sound.Retrieval with { Decision = DecisionOf(verdict, tooClose) } };

    public static GateEvidence With(SlicesOutcome outcome, SlicesOutcome? exact = null) => Sound with
    {
        Retrieval = Sound.Retrieval with { Slices = [new("recall_cap@10", SlicesOf(outcome), exact is { } asExact ? SlicesOf(asExact) : null)] },
    };

    /// <summary>Slices that hold on the first metric, and on the second what is said.</summary>
    public static GateEvidence WithSecondMetric(SlicesOutcome outcome) => Sound with
    {
        Retrieval = Sound.Retrieval with { Slices = [new("recall_cap@10", SlicesOf(SlicesOutcome.Pass)), new("ndcg@10", SlicesOf(outcome))] },
    };

    private static SlicesResult SlicesOf(SlicesOutcome outcome)
    {
        var verdict = outcome == SlicesOutcome.Fail ? SliceVerdict.Worse : outcome == SlicesOutcome.Pass ? SliceVerdict.NotWorse : SliceVerdict.NotTested;
        var slice = new SliceResult { Slice = new Slice("lang", "de", true, [0, 1]), Verdict = verdict, Groups = 2, Mean = verdict == SliceVerdict.Worse ? -.1 : 0, AdjustedP = .01 };
        return new(outcome, [slice], .03, .05, 1);
    }

    /// <summary>A verdict on the first metric, and whose the loss is.</summary>
    public static GateEvidence With(MatchesOrBeatsVerdict verdict, LossCause cause) => Sound with
    {
        Retrieval = Sound.Retrieval with { Decision = DecisionOf(verdict), Attributions = [new(cause, -.02, new(-.01, -.03, .01, false), new(-.01, -.02, -.005, true), .005, .05)] },
    };

    /// <summary>No query of the set can be asked.</summary>
    public static GateEvidence WithoutQueries => Sound with
    {
        Retrieval = Sound.Retrieval with
        {
            Decision = MatchesOrBeatsDecision.Of([new(RetrievalMetric.CappedRecallAt10, MatchesOrBeatsRule.Compare([], [], [], new()))]),
            Labels = new(0, 0, [], 0, 0),
        },
    };

    /// <summary>A rollout that embedded a million tokens at 2 a million, under a budget.</summary>
    public static GateEvidence With(RolloutBudget budget) => Sound with { Budget = new(EstimateExample.Of(texts: 10_000, meanTokens: 100) with { PricePerMillionTokens = 2, Currency = "USD" }, budget) };

    public static GateEvidence With(StaleLabels labels) => Sound with { Retrieval = Sound.Retrieval with { Labels = labels } };

    public static GateEvidence With(ThresholdEvidence thresholds) => Sound with { Thresholds = thresholds };
}
