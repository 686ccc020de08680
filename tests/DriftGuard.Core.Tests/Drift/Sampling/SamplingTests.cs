using System.Text.Json;
using CsCheck;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Core.Tests.Drift.Sampling;

public class SamplingTests
{
    [Fact]
    public void A_systematic_sample_is_evenly_spaced_ascending_and_distinct() =>
        Gen.Select(Gen.Long[0, 3_000_000_000_000], Gen.Int[1, 4_000], Gen.Int).Sample((population, size, seed) =>
        {
            var positions = SystematicSample.Positions(population, size, seed);

            positions.Count.ShouldBe((int)Math.Min(population, size));
            positions.ShouldBe(SystematicSample.Positions(population, size, seed));
            if (positions.Count == 0)
                return;
            positions[0].ShouldBeGreaterThanOrEqualTo(0);
            positions[^1].ShouldBeLessThan(population);
            var steps = positions.Zip(positions.Skip(1), (a, b) => b - a).ToList();
            if (population > size && steps.Count > 0)
                (steps.Max() - steps.Min()).ShouldBeLessThanOrEqualTo(1);
        });

    [Fact]
    public void Each_position_has_the_same_chance()
    {
        var counts = new int[10];
        for (var seed = 0; seed < 20_000; seed++)
        {
            foreach (var position in SystematicSample.Positions(10, 3, seed))
                counts[position]++;
        }

        counts.ShouldAllBe(count => Math.Abs(count - 6_000) < 300);
    }

    [Fact]
    public void A_block_as_long_as_the_step_is_always_met()
    {
        for (var seed = 0; seed < 200; seed++)
            SystematicSample.Positions(1_000_000, 300, seed).Count(position => position is >= 500_000 and < 510_000).ShouldBe(3);
    }

    [Fact]
    public void A_threshold_is_one_and_a_half_times_the_largest_noise_of_the_length_class()
    {
        var measured = Enumerable.Range(0, 120).Select(i => (Length: 4, Noise: i == 0 ? .04 : .01))
            .Concat(Enumerable.Range(0, 120).Select(_ => (100, .002))).ToList();

        var noise = SelfNoise.Learn(measured, floor: .004);

        noise.Classes.ShouldBe([new LengthClass(4, 120, .04), new LengthClass(64, 120, .002)]);
        noise.ThresholdOf(5).ShouldBe(.06, 1e-12);
        noise.ThresholdOf(1).ShouldBe(.06, 1e-12);
        noise.ThresholdOf(90).ShouldBe(.004);
        noise.ThresholdOf(100_000).ShouldBe(.004);
    }

    [Fact]
    public void Classes_of_few_texts_are_merged()
    {
        var measured = new[] { (1, .05), (2, .04) }
            .Concat(Enumerable.Repeat((20, .01), 98)).Concat(Enumerable.Repeat((300, .001), 120)).Append((5_000, .03)).ToList();

        var noise = SelfNoise.Learn(measured, floor: .0001);

        noise.Classes.ShouldBe([new LengthClass(1, 100, .05), new LengthClass(256, 121, .03)]);
        SelfNoise.Learn([(3, .02)], .0001).ThresholdOf(3_000).ShouldBe(.03, 1e-12);
        SelfNoise.Learn([], .004).ThresholdOf(7).ShouldBe(.004);
    }

    [Fact]
    public void Bounds_are_those_of_the_sample_of_this_collection()
    {
        var few = MismatchShare.Of(3, 300, 1_000_000);

        few.Share.ShouldBe(.01);
        few.Lower95.ShouldBe(.00273, 5e-5);
        few.Lower99.ShouldBe(.00146, 5e-5);
        few.IsSuspicious.ShouldBeTrue();
        few.IsBeyondNegligible.ShouldBeTrue();
        MismatchShare.Of(2, 300, 1_000_000).IsBeyondNegligible.ShouldBeFalse();
        MismatchShare.Of(0, 300, 1_000_000).IsSuspicious.ShouldBeFalse();
        MismatchShare.Of(3, 300, 300).Lower99.ShouldBe(.01);
    }

    [Fact]
    public void The_samples_that_find_one_in_a_hundred_and_one_in_a_thousand_are_299_and_2995()
    {
        MismatchShare.Of(0, 299, 10_000_000).Upper95.ShouldBeLessThan(.01);
        MismatchShare.Of(0, 298, 10_000_000).Upper95.ShouldBeGreaterThan(.01);
        MismatchShare.Of(0, 2_995, 10_000_000).Upper95.ShouldBeLessThan(.001);
        MismatchShare.Of(0, 2_994, 10_000_000).Upper95.ShouldBeGreaterThan(.001);
    }

    [Fact]
    public void A_fresh_sample_adds_up_and_never_claims_more_than_both_show()
    {
        var pooled = MismatchShare.Of(1, 100, 100).Plus(MismatchShare.Of(1, 100, 100));

        pooled.Sample.ShouldBe(200);
        pooled.Mismatches.ShouldBe(2);
        pooled.Lower99.ShouldBeLessThan(.01);
        pooled.Upper95.ShouldBeGreaterThan(.01);
    }

    [Fact]
    public void Groups_are_ordered_by_what_the_test_says()
    {
        var points = Enumerable.Range(0, 200).Select(i => Point(i, mismatch: i < 8, ("stamp", i < 20 ? "old" : "new"), ("written", i % 2 == 0 ? "2026-10" : "2026-11"))).ToList();
        points.Add(Point(200, mismatch: true, ("stamp", "rare"), ("index", "all")));

        var groups = GroupShares.Compare(points);

        groups[0].ShouldSatisfyAllConditions(
            group => (group.Key, group.Value, group.Mismatches, group.Size).ShouldBe(("stamp", "old", 8, 20)),
            group => group.AdjustedP.ShouldBeLessThan(1e-5),
            group => group.AdjustedP.ShouldBe(4 * group.P, 1e-12));
        groups.Count.ShouldBe(4);
        groups.Select(group => group.AdjustedP).ShouldBeInOrder();
        groups.ShouldNotContain(group => group.Value == "rare" || group.Key == "index");
    }

    [Fact]
    public void Without_groups_or_mismatches_nothing_stands_out()
    {
        GroupShares.Compare([]).ShouldBeEmpty();
        GroupShares.Compare([.. Enumerable.Range(0, 20).Select(i => Point(i, mismatch: false, ("stamp", i < 10 ? "a" : "b")))]).ShouldAllBe(group => group.P == 1);
    }

    [Fact]
    public void Results_survive_storage()
    {
        Survives(Point(1, true, ("stamp", "a")));
        Survives(MismatchShare.Of(3, 300, 9_000));
        Survives(SelfNoise.Learn([(3, .02), (70, .01)], .004));
        Survives(BinomialScan.Find([.. Enumerable.Range(0, 50).Select(i => i is > 10 and < 15)], 99, 1)!);
        Survives(GroupShares.Compare([.. Enumerable.Range(0, 20).Select(i => Point(i, i < 4, ("stamp", i < 10 ? "a" : "b")))]));

        static void Survives<T>(T value)
        {
            var text = JsonSerializer.Serialize(value);
            JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(text)).ShouldBe(text);
        }
    }

    [Fact]
    public void A_distance_that_is_no_number_is_a_mismatch() => new SampledPoint("1", 3, double.NaN, .1, new Dictionary<string, string>()).IsMismatch.ShouldBeTrue();

    private static SampledPoint Point(int id, bool mismatch, params (string Key, string Value)[] groups) =>
        new($"{id}", 10, mismatch ? .5 : .01, .02, groups.ToDictionary(group => group.Key, group => group.Value));
}
