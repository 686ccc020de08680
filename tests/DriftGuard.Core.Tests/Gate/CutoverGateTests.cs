using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Rollouts.Estimates;
using DriftGuard.Core.Statistics.Slices;
using static DriftGuard.Core.Tests.Gate.GateExample;

namespace DriftGuard.Core.Tests.Gate;

public sealed class CutoverGateTests
{
    private const string Metric = "matches or beats, recall_cap@10";

    public static TheoryData<string, GateEvidence, GateVerdict, string> Conditions => new()
    {
        { "complete", Sound, GateVerdict.Pass, GateReason.Complete },
        { "complete", Sound with { Completeness = new(1_000, 999, 0, 1, 0, ["7: empty text"]) }, GateVerdict.Fail, GateReason.TextsParked },
        { "complete", Sound with { Completeness = new(1_000, 1_000, 250, 0, 0, []) }, GateVerdict.Pass, GateReason.Complete },
        { "complete", Sound with { Completeness = new(1_000_000, 1_000_000, 10_000, 0, 0, []) }, GateVerdict.Pass, GateReason.Complete },
        { "complete", Sound with { Completeness = new(1_000_000, 1_000_000, 10_001, 0, 0, []) }, GateVerdict.Fail, GateReason.StillChanging },
        { "complete", Sound with { Completeness = new(1_000, 1_000, 251, 0, 0, []) }, GateVerdict.Fail, GateReason.StillChanging },
        { "complete", Sound with { Completeness = new(1_000, 740, 0, 0, 0, []) }, GateVerdict.Fail, GateReason.CountsDiffer },
        { "complete", Sound with { Completeness = new(0, 0, 0, 0, 0, []) }, GateVerdict.Pass, GateReason.Complete },
        { "healthy vectors", Sound, GateVerdict.Pass, GateReason.VectorsHealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { Examined = 0 } }, GateVerdict.Inconclusive, GateReason.NoVectors },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { WrongDimension = 1 } }, GateVerdict.Fail, GateReason.VectorsUnhealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { NotFinite = 1 } }, GateVerdict.Fail, GateReason.VectorsUnhealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { Zero = 1 } }, GateVerdict.Fail, GateReason.VectorsUnhealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { NotUnit = 1 } }, GateVerdict.Fail, GateReason.VectorsUnhealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { SketchMismatch = 1 } }, GateVerdict.Fail, GateReason.VectorsUnhealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { MeanResultantLength = .995 } }, GateVerdict.Fail, GateReason.VectorsCollapsed },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { SharedByOtherText = 50 } }, GateVerdict.Pass, GateReason.VectorsHealthy },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { SharedByOtherText = 51 } }, GateVerdict.Fail, GateReason.VectorsCollapsed },
        { "healthy vectors", Sound with { Vectors = Sound.Vectors with { Examined = 1, MeanResultantLength = 1 } }, GateVerdict.Pass, GateReason.VectorsHealthy },
        { "index ready", Sound, GateVerdict.Pass, GateReason.IndexReady },
        { "index ready", Sound with { Index = Sound.Index with { Ready = false } }, GateVerdict.Fail, GateReason.IndexNotReady },
        { "index ready", Sound with { Index = Sound.Index with { Queries = 0 } }, GateVerdict.Inconclusive, GateReason.TooFewQueries },
        { "index ready", Sound with { Index = Sound.Index with { AnnRecall = .95 } }, GateVerdict.Pass, GateReason.IndexReady },
        { "index ready", Sound with { Index = Sound.Index with { AnnRecall = .949 } }, GateVerdict.Fail, GateReason.AnnRecallLow },
        { "index ready", Sound with { Index = Sound.Index with { AnnRecall = double.NaN } }, GateVerdict.Fail, GateReason.AnnRecallLow },
        { "labels known", Sound, GateVerdict.Pass, GateReason.LabelsKnown },
        { "labels known", With(new StaleLabels(200, 10, ["d1"], 10, 10)), GateVerdict.Pass, GateReason.LabelsKnown },
        { "labels known", With(new StaleLabels(200, 11, ["d1"], 11, 11)), GateVerdict.Inconclusive, GateReason.LabelsStale },
        { "labels known", Sound with { Retrieval = Sound.Retrieval with { Decision = DecisionOf(MatchesOrBeatsVerdict.Matches, mean: 0) } }, GateVerdict.Inconclusive, GateReason.LabelsNeverFound },
        { "labels known", With(new StaleLabels(200, 200, ["d1"], 200, 200)), GateVerdict.Inconclusive, GateReason.LabelsStale },
        { "labels known", WithoutQueries, GateVerdict.Inconclusive, GateReason.NoQueries },
        { Metric, WithoutQueries, GateVerdict.Inconclusive, GateReason.NoQueries },
        { Metric, With(MatchesOrBeatsVerdict.Worse, LossCause.ApproximateIndex), GateVerdict.Fail, GateReason.IndexLoses },
        { Metric, With(MatchesOrBeatsVerdict.Worse, LossCause.None), GateVerdict.Fail, GateReason.IndexLoses },
        { Metric, With(MatchesOrBeatsVerdict.Worse, LossCause.Model), GateVerdict.Fail, GateReason.Worse },
        { Metric, With(MatchesOrBeatsVerdict.Worse, LossCause.Both), GateVerdict.Fail, GateReason.Worse },
        { Metric, With(MatchesOrBeatsVerdict.Better, LossCause.ApproximateIndex), GateVerdict.Pass, GateReason.MatchesOrBeats },
        { Metric, Sound, GateVerdict.Pass, GateReason.MatchesOrBeats },
        { Metric, With(MatchesOrBeatsVerdict.Better), GateVerdict.Pass, GateReason.MatchesOrBeats },
        { Metric, With(MatchesOrBeatsVerdict.NoChange), GateVerdict.Pass, GateReason.NoChange },
        { Metric, With(MatchesOrBeatsVerdict.Worse), GateVerdict.Fail, GateReason.Worse },
        { Metric, With(MatchesOrBeatsVerdict.Inconclusive), GateVerdict.Inconclusive, GateReason.TooFewQueries },
        { Metric, With(MatchesOrBeatsVerdict.Inconclusive, tooClose: true), GateVerdict.Inconclusive, GateReason.TooClose },
        { "no slice left behind", With(SlicesOutcome.Pass), GateVerdict.Pass, GateReason.SlicesHold },
        { "no slice left behind", With(SlicesOutcome.Fail), GateVerdict.Fail, GateReason.SliceWorse },
        { "no slice left behind", With(SlicesOutcome.Fail, exact: SlicesOutcome.Fail), GateVerdict.Fail, GateReason.SliceWorse },
        { "no slice left behind", With(SlicesOutcome.Fail, exact: SlicesOutcome.Pass), GateVerdict.Fail, GateReason.IndexLoses },
        { "no slice left behind", WithSecondMetric(SlicesOutcome.Fail), GateVerdict.Fail, GateReason.SliceWorse },
        { "no slice left behind", WithSecondMetric(SlicesOutcome.Pass), GateVerdict.Pass, GateReason.SlicesHold },
        { "no slice left behind", With(SlicesOutcome.Inconclusive), GateVerdict.Inconclusive, GateReason.SliceTooSmall },
        { "latency", Sound with { Latency = new(10, 15, 1.5) }, GateVerdict.Pass, GateReason.LatencyOk },
        { "latency", Sound with { Latency = new(10, 15.1, 1.5) }, GateVerdict.Fail, GateReason.LatencyHigh },
        { "latency", Sound with { Latency = new(10, double.NaN, 1.5) }, GateVerdict.Fail, GateReason.LatencyHigh },
        { "budget", With(new RolloutBudget { Money = 2 }), GateVerdict.Pass, GateReason.WithinBudget },
        { "budget", With(new RolloutBudget { Money = 1.99 }), GateVerdict.Fail, GateReason.OverBudget },
        { "budget", With(new RolloutBudget { Tokens = 1e6, Hours = 1, DiskGiB = .0001 }), GateVerdict.Fail, GateReason.OverBudget },
        { "approval", Sound, GateVerdict.Pass, GateReason.ApprovalNotRequired },
        { "approval", Sound with { RequireApproval = true }, GateVerdict.Inconclusive, GateReason.ApprovalAwaited },
        { "thresholds", With(new ThresholdEvidence("docs", "new", ["default"], [], [])), GateVerdict.Pass, GateReason.ThresholdsKnown },
        { "thresholds", With(new ThresholdEvidence("docs", "new", ["default", "faq"], [], ["faq"])), GateVerdict.Pass, GateReason.ThresholdsProvisional },
        { "thresholds", With(new ThresholdEvidence("docs", "new", ["default", "faq"], ["default"], ["faq"])), GateVerdict.Fail, GateReason.ThresholdsMissing },
        { "thresholds", With(new ThresholdEvidence("docs", "new", ["default"], [], []) { Stated = ["default"] }), GateVerdict.Pass, GateReason.ThresholdsStated },
        { "thresholds", With(new ThresholdEvidence("docs", "new", ["default"], [], []) { Withdrawn = ["default"] }), GateVerdict.Pass, GateReason.ThresholdsWithdrawn },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Each_condition_gives_its_verdict_and_the_reason(string condition, GateEvidence evidence, GateVerdict verdict, string reason)
    {
        var row = CutoverGate.Evaluate(evidence).Rows.Single(r => r.Condition == condition);

        row.Verdict.ShouldBe(verdict, row.Message);
        row.Reason.ShouldBe(reason);
        row.Message.ShouldNotBeNullOrWhiteSpace();
        row.Threshold.ShouldNotBeNullOrWhiteSpace();
        row.Figures.Values.ShouldAllBe(figure => double.IsFinite(figure) || double.IsNaN(evidence.Latency.GreenP95) || double.IsNaN(evidence.Index.AnnRecall));
    }

    public static TheoryData<string, GateEvidence, GateDecision> Decisions => new()
    {
        { "all pass", Sound, GateDecision.Passed },
        { "worse is refused", With(MatchesOrBeatsVerdict.Worse), GateDecision.Refused },
        { "a slice that is worse is refused", With(SlicesOutcome.Fail), GateDecision.Refused },
        { "what can be mended blocks", Sound with { Index = Sound.Index with { Ready = false } }, GateDecision.Blocked },
        { "a loss of the index can be mended", With(MatchesOrBeatsVerdict.Worse, LossCause.ApproximateIndex), GateDecision.Blocked },
        { "a loss of the model and the index is the model's too", With(MatchesOrBeatsVerdict.Worse, LossCause.Both), GateDecision.Refused },
        { "a slice that only the index loses can be mended", With(SlicesOutcome.Fail, exact: SlicesOutcome.Pass), GateDecision.Blocked },
        { "a slice that is worse on the second metric is refused", WithSecondMetric(SlicesOutcome.Fail), GateDecision.Refused },
        { "a budget can be raised", With(new RolloutBudget { Money = 1 }), GateDecision.Blocked },
        { "no queries are no pass", WithoutQueries, GateDecision.Inconclusive },
        { "an approval is asked for once all else passes", Sound with { RequireApproval = true }, GateDecision.Passed },
        { "an approval that is missing is not what is inconclusive", With(MatchesOrBeatsVerdict.Worse) with { RequireApproval = true }, GateDecision.Refused },
        { "latency can be mended", Sound with { Latency = new(1, 9, 2) }, GateDecision.Blocked },
        { "a threshold that is missing can be mended", With(new ThresholdEvidence("docs", "new", ["default"], ["default"], [])), GateDecision.Blocked },
        { "a provisional threshold is no obstacle", With(new ThresholdEvidence("docs", "new", ["default"], [], ["default"])), GateDecision.Passed },
        { "what can be mended is mended before a refusal", With(MatchesOrBeatsVerdict.Worse) with { Vectors = Sound.Vectors with { Zero = 1 } }, GateDecision.Blocked },
        { "inconclusive is no pass", With(MatchesOrBeatsVerdict.Inconclusive), GateDecision.Inconclusive },
        { "stale labels are no pass", With(new StaleLabels(10, 9, [], 9, 9)), GateDecision.Inconclusive },
        { "a refusal outweighs what cannot be told", With(MatchesOrBeatsVerdict.Worse) with { Vectors = Sound.Vectors with { Examined = 0 } }, GateDecision.Refused },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void The_decision_follows_from_the_rows(string rule, GateEvidence evidence, GateDecision decision)
    {
        var report = CutoverGate.Evaluate(evidence);

        report.Decision.ShouldBe(decision, rule);
        (report.Decision == GateDecision.Passed).ShouldBe(report.Rows.Where(r => !r.AskedLast).All(r => r.Verdict == GateVerdict.Pass));
    }

    [Fact]
    public void Nothing_is_left_out_because_something_else_fails()
    {
        var broken = Sound with { Completeness = new(10, 0, 0, 3, 0, []), Vectors = Sound.Vectors with { Examined = 0 } };

        CutoverGate.Evaluate(broken).Rows.Select(r => r.Condition)
            .ShouldBe(CutoverGate.Evaluate(Sound).Rows.Select(r => r.Condition));
    }

    [Fact]
    public void Thresholds_are_only_judged_where_the_index_has_one_and_a_missing_one_says_what_to_run()
    {
        CutoverGate.Evaluate(Sound).Rows.ShouldNotContain(row => row.Condition == "thresholds");
        CutoverGate.Evaluate(With(new ThresholdEvidence("docs", "new", [], [], []))).Rows.ShouldNotContain(row => row.Condition == "thresholds");

        CutoverGate.Evaluate(With(new ThresholdEvidence("docs", "new", ["faq"], ["faq"], []))).Sentence.ShouldBe(
            "blocked: thresholds: applications cut at threshold 'faq', and it is not known for new, under which the old number means nothing. "
            + "Learn it: driftguard calibration thresholds docs --model new --name faq with the pairs and the method of the old one (--show tells them; without labels: --provisional), then resume");
    }

    [Fact]
    public void A_threshold_that_rests_on_somebodys_word_is_named_and_so_is_one_that_was_not_changed()
    {
        var evidence = new ThresholdEvidence("docs", "new", ["cache", "default", "faq"], [], []) { Stated = ["default"], Unchanged = ["default"], Withdrawn = ["faq"] };

        CutoverGate.Evaluate(With(evidence)).Rows.Single(row => row.Condition == "thresholds").Message.ShouldBe(
            "threshold 'cache' known for new; stated by hand: threshold 'default', nothing was learned for new; with the very number of the old model, "
            + "which means nothing under new: threshold 'default'; withdrawn by hand: threshold 'faq', nothing was learned for new");
    }

    [Fact]
    public void The_sentence_names_what_decided_with_its_figures()
    {
        var parked = Sound with { Completeness = new(1_000, 999, 0, 1, 0, ["7: empty text"]) };

        CutoverGate.Evaluate(parked).Sentence.ShouldBe(
            "blocked: complete: 1 text(s) could not be embedded and stand parked: 7: empty text. Mend or delete them, then resume");
        CutoverGate.Evaluate(Sound).Sentence.ShouldBe("all 5 conditions of the gate pass");
    }
}
