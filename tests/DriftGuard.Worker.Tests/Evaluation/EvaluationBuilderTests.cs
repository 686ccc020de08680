using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.Attribution;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Worker.Tests.Evaluation;

/// <summary>What a report says of scored sides.</summary>
public sealed class EvaluationBuilderTests
{
    [Fact]
    public void Labels_that_are_clicks_are_named_in_every_report()
    {
        var set = SmallSet.Of(60);
        set = set with { Header = set.Header with { Labels = CalibrationLabels.Weak } };
        var side = SmallSet.Side(set, "old", _ => 1);

        SmallSet.Compared(set, side, side).Notes.ShouldHaveSingleItem().ShouldContain(WeakLabels.Favour);
    }

    [Fact]
    public void Means_intervals_and_differences_are_those_of_the_queries()
    {
        var set = SmallSet.Of(60);

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i < 30 ? 1 : 0, i => i < 30 ? 1 : 0), SmallSet.Side(set, "new", i => i < 45 ? 1 : 0, i => i < 45 ? 1 : 0));

        report.Old.Means.ShouldBe([.5, .5]);
        report.New!.Means.ShouldBe([.75, .75]);
        report.Old.Intervals.ShouldBe([ClusteredMean.Interval([.. Enumerable.Range(0, 60).Select(i => i < 30 ? 1.0 : 0)], set.Groups), report.Old.Intervals[1]]);
        report.Old.Intervals[0]!.Lower.ShouldBeInRange(.36, .39);
        var recall = report.Comparisons[0];
        recall.Result.MeanDifference.ShouldBe(.25);
        recall.Exact!.MeanDifference.ShouldBe(.25);
        (recall.SignFlip!.P, recall.SignFlip.Exact).ShouldBe((2 / 32768.0, true), "fifteen queries changed, all to the better: 2 of 2^15 sign vectors are as far from 0");
        recall.Attribution!.Cause.ShouldBe(LossCause.None);
        (report.Verdict, report.Groups).ShouldBe(("better", 60));
        report.Sentence.ShouldBe("new beats old: recall_cap@10 +0.2500 (better), ndcg@10 +0.2500 (better)");
        report.Old.JudgedAt10!.Value.ShouldBe((60 * .1) + (30 * .1) is var judged ? judged / 60 : 0, 1e-9);
    }

    [Fact]
    public void A_loss_that_only_approximate_search_has_is_the_index()
    {
        var set = SmallSet.Of(100);

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1, _ => 1), SmallSet.Side(set, "new", i => i < 70 ? 1 : 0, _ => 1));

        report.Verdict.ShouldBe("worse");
        report.Comparisons.ShouldAllBe(c => c.Attribution!.Cause == LossCause.ApproximateIndex && c.Exact!.MeanDifference == 0 && c.Attribution.Model.Mean == 0);
        report.Comparisons[0].Attribution!.Index.Mean.ShouldBe(-.3, 1e-9);
        report.New!.ExactMeans.ShouldBe([1, 1]);
    }

    [Fact]
    public void A_side_that_was_only_searched_exactly_is_compared_with_the_exact_search_of_the_other()
    {
        var set = SmallSet.Of(60);

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 0, _ => 1), SmallSet.Side(set, "new", _ => 1));

        report.Comparisons.ShouldAllBe(c => c.Result.MeanDifference == 0 && c.Exact == null && c.Attribution == null);
        report.Old.ExactOnly.ShouldBeTrue();
    }

    [Fact]
    public void The_queries_that_changed_most_are_ordered_by_primary_metric_then_the_next_then_id()
    {
        var set = SmallSet.Of(50);
        // Found or lost: recall moves. From the first rank to the second or third: only nDCG does.
        int Old(int i) => i is 7 or 3 or 20 or 21 or 30 ? 1 : i is 9 or 8 ? 0 : 4;
        int New(int i) => i switch { 7 or 3 => 0, 20 => 3, 21 => 5, 30 => 3, 9 => 1, 8 => 6, _ => 4 };

        var examples = SmallSet.Compared(set, SmallSet.Side(set, "old", Old), SmallSet.Side(set, "new", New)).Examples!;

        examples.MostWorsened.Select(e => e.Id).ShouldBe(["q003", "q007", "q021", "q020", "q030"], "lost ones first, equal ones by id; then by how far nDCG fell");
        examples.MostImproved.Select(e => e.Id).ShouldBe(["q009", "q008"]);
        (examples.Improved, examples.Worsened, examples.Unchanged).ShouldBe((2, 5, 43));
        var lost = examples.MostWorsened[0];
        lost.Relevant.ShouldBe(["d3"]);
        lost.OldResults[0].ShouldBe(new(1, "d3", DocumentJudgement.Relevant, null));
        lost.NewResults![1].Judgement.ShouldBe(DocumentJudgement.NotRelevant);
        lost.NewResults[2].Judgement.ShouldBe(DocumentJudgement.Unjudged);
    }

    [Fact]
    public void At_most_ten_of_a_kind_are_kept_and_all_are_counted()
    {
        var set = SmallSet.Of(50);

        var examples = SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1), SmallSet.Side(set, "new", _ => 0)).Examples!;

        examples.MostWorsened.Count.ShouldBe(10);
        examples.MostWorsened[^1].Id.ShouldBe("q009");
        (examples.Worsened, examples.Improved).ShouldBe((50, 0));
    }

    [Fact]
    public void A_slice_that_is_left_behind_fails_the_whole()
    {
        var set = SmallSet.Of(400, i => i % 4 == 0 ? "de" : "en");

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i % 4 == 0 || i % 4 > 1 ? 1 : 0), SmallSet.Side(set, "new", i => i % 4 == 0 && i % 8 == 0 ? 0 : 1));

        var slices = report.Slices!;
        (slices.Metric, slices.Outcome, slices.Margin, slices.Seed).ShouldBe(("recall_cap@10", SlicesOutcome.Fail, .05, 1));
        var de = slices.Slices[0];
        (de.Name(), de.Queries, de.Groups).ShouldBe(("lang=de", 100, 100));
        de.Old.ShouldBe([1, 1]);
        de.New.ShouldBe([.5, .5]);
        (de.Comparison!.Difference, de.Comparison.Verdict).ShouldBe((-.5, SliceVerdict.Worse));
        de.Comparison.Lower!.Value.ShouldBeLessThan(-.5);
        report.Verdict.ShouldBe("worse");
        report.Sentence.ShouldEndWith("; left behind: lang=de (recall_cap@10, ndcg@10)");
        report.Comparisons[0].Result.Verdict.ShouldBe(MatchesOrBeatsVerdict.Better, "the whole alone would have passed");
    }

    [Fact]
    public void A_critical_slice_that_is_too_small_leaves_it_open()
    {
        var set = SmallSet.Of(400, i => i < 10 ? "sv" : "en", critical: true);

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", i => i % 2), SmallSet.Side(set, "new", _ => 1));

        report.Verdict.ShouldBe("inconclusive");
        report.Sentence.ShouldEndWith("; too small to tell: lang=sv");
    }

    [Fact]
    public void A_set_without_queries_is_inconclusive_and_has_no_figure_that_is_no_number()
    {
        var set = SmallSet.Of(0);

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1, _ => 1), SmallSet.Side(set, "new", _ => 1, _ => 1));
        var alone = EvaluationBuilder.Of(new(EvaluationKind.Evaluate, "docs", DateTimeOffset.UnixEpoch), set, SmallSet.Metrics, SmallSet.Side(set, "old", _ => 1, _ => 1));

        report.Verdict.ShouldBe("inconclusive");
        report.Sentence.ShouldBe("inconclusive: small has no query with a relevant document, so old and new cannot be compared; add 40 or more, of different documents");
        report.Old.Means.ShouldBeEmpty();
        report.Comparisons.ShouldAllBe(c => c.SignFlip == null && c.Attribution == null);
        alone.Sentence.ShouldStartWith("inconclusive: small has no query");
        foreach (var written in new[] { report, alone })
        {
            EvaluationJson.Read(EvaluationJson.Write(written)).Id.ShouldBe(written.Id, "JSON has no words for what is no number");
        }
    }

    [Fact]
    public void One_query_is_scored_without_an_interval_and_settles_nothing()
    {
        var set = SmallSet.Of(1, _ => "en");

        var report = SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1, _ => 1), SmallSet.Side(set, "new", _ => 0, _ => 0));

        report.Verdict.ShouldBe("inconclusive");
        report.Sentence.ShouldContain("at least 40 groups of queries are needed, there are 1");
        report.Old.Intervals.ShouldAllBe(interval => interval == null);
        report.Comparisons[0].Attribution!.Cause.ShouldBe(LossCause.None);
        report.Slices!.Slices.Single().Comparison!.Verdict.ShouldBe(SliceVerdict.NotTested);
        EvaluationJson.Read(EvaluationJson.Write(report)).Verdict.ShouldBe("inconclusive");
    }

    [Fact]
    public void One_model_on_both_sides_is_no_change()
    {
        var set = SmallSet.Of(60);

        SmallSet.Compared(set, SmallSet.Side(set, "old", _ => 1), SmallSet.Side(set, "old", _ => 1)).Verdict.ShouldBe("no_change");
    }

    [Fact]
    public void A_side_by_itself_names_its_weakest_queries_and_no_perfect_one()
    {
        var set = SmallSet.Of(50, i => i < 25 ? "de" : "en");

        var report = EvaluationBuilder.Of(new(EvaluationKind.Evaluate, "docs", DateTimeOffset.UnixEpoch), set, SmallSet.Metrics, SmallSet.Side(set, "old", i => i switch { 30 or 4 => 0, 9 => 3, _ => 1 }, _ => 1));

        report.Examples!.Weakest.Select(e => e.Id).ShouldBe(["q004", "q030", "q009"]);
        report.Examples.Weakest[0].NewResults.ShouldBeNull();
        report.Slices!.Slices.Select(s => (s.Name(), s.Queries, s.Old[0], s.Comparison)).ShouldBe([("lang=de", 25, .96, null), ("lang=en", 25, .96, null)]);
        report.Old.ExactMeans.ShouldBe([1, 1]);
        report.Verdict.ShouldBe("scored");
    }
}
