using CsCheck;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Tests.Calibration.Power;

public sealed class SetPowerTests
{
    private static readonly DifferenceSpread[] Spreads = [new("recall_cap@10", .08, 1.5), new("ndcg@10", .1, 1.7)];

    [Fact]
    public void So_many_queries_as_are_needed_attain_the_margin() => Gen.Select(Gen.Double[.001, .5], Gen.Double[1, 3], Gen.Double[.005, .2]).Sample((variance, designEffect, margin) =>
    {
        var spread = new DifferenceSpread("m", variance, designEffect);
        var needed = spread.QueriesNeeded(margin);
        return spread.AttainableMargin(needed) <= margin + 1e-9 && (needed == 1 || spread.AttainableMargin(needed - 1) > margin - 1e-9);
    });

    [Fact]
    public void The_spread_of_a_comparison_gives_back_its_attainable_margin()
    {
        var random = new Random(5);
        double[] old = [.. Enumerable.Range(0, 400).Select(_ => random.Next(5) / 4.0)];
        double[] @new = [.. old.Select(value => random.Next(4) == 0 ? random.Next(5) / 4.0 : value)];
        var result = MatchesOrBeatsRule.Compare(old, @new, [.. Enumerable.Range(0, 400).Select(i => i / 2)], new());

        var spread = DifferenceSpread.Of("m", result)!;

        spread.DesignEffect.ShouldBe(result.DesignEffect!.Value);
        var differences = @new.Zip(old, (a, b) => a - b).ToList();
        spread.Variance.ShouldBe(differences.Average(d => d * d) - Math.Pow(differences.Average(), 2), 1e-12);
        spread.AttainableMargin(400)!.Value.ShouldBe(result.AttainableMargin!.Value, .0005);
    }

    [Fact]
    public void The_metric_that_scatters_most_decides()
    {
        var power = SetPower.Of(SetExample.Of(SetExample.Queries(500)), SpreadSource.Typical, "", Spreads, [.03, .5]);

        power.AttainableMargin.ShouldBe(Spreads[1].AttainableMargin(500));
        power.Differences[0].QueriesNeeded.ShouldBe(Spreads[1].QueriesNeeded(.03));
        power.Differences[0].Missing.ShouldBe(power.Differences[0].QueriesNeeded - 500);
        power.Differences[1].Missing.ShouldBe(0);
    }

    [Fact]
    public void A_slice_is_as_sure_as_its_size_and_the_number_of_tests_allow()
    {
        var set = SetExample.Of(SetExample.Queries(200, i => [("lang", i < 20 ? "de" : i < 80 ? "fr" : "en")]), new CalibrationSlice("lang"));

        var slices = SetPower.Of(set, SpreadSource.Typical, "", Spreads, []).Slices;

        slices.Select(slice => (slice.Slice, slice.Queries, slice.Tested)).ShouldBe([("lang=de", 20, false), ("lang=fr", 60, true), ("lang=en", 120, true)]);
        slices[1].DetectableHarm.ShouldBe(Spreads[0].DetectableHarm(60, .025));
        slices[1].DetectableHarm!.Value.ShouldBeGreaterThan(slices[2].DetectableHarm!.Value);
    }

    [Fact]
    public void Fewer_groups_than_the_rule_asks_for_are_missing_however_many_queries_there_are()
    {
        var set = SetExample.Of([.. Enumerable.Range(0, 300).Select(i => SetExample.Query(i, document: $"d{i % 10}"))]);

        var power = SetPower.Of(set, SpreadSource.Typical, "", [new("m", 0, 1)], [.3]).Differences[0];

        power.ShouldBe(new(.3, 1200, 900, 30), "10 groups of 30 queries each, and 40 are asked for");
    }

    [Fact]
    public void Slices_that_power_calls_tested_are_those_that_the_rule_tests()
    {
        var set = SetExample.Of(SetExample.Queries(1320, i => [("lang", $"l{i % 22}")]), new CalibrationSlice("lang"));

        SetPower.Of(set, SpreadSource.Typical, "", Spreads, []).Slices.Select(slice => slice.Tested).ShouldBe(
            SlicesRule.Compare([new([.. Enumerable.Range(0, 1320).Select(i => i % 7 == 0 ? .1 : 0)], .03)], set.Groups, Slice.Of(set), new())[0].Slices.Select(slice => slice.Verdict != SliceVerdict.NotTested));
    }

    [Fact]
    public void An_empty_set_attains_no_margin_and_needs_all_queries()
    {
        var power = SetPower.Of(SetExample.Of([], new CalibrationSlice("lang")), SpreadSource.Typical, "", Spreads, [.03]);

        power.AttainableMargin.ShouldBeNull();
        power.Differences[0].Missing.ShouldBe(power.Differences[0].QueriesNeeded);
        power.Slices.ShouldBeEmpty();
    }

    [Fact]
    public void A_comparison_of_one_group_has_no_spread() =>
        DifferenceSpread.Of("m", MatchesOrBeatsRule.Compare([1, 0], [0, 0], [0, 0], new())).ShouldBeNull();
}
