using System.Text.Json;
using CsCheck;
using DriftGuard.Core.Drift.Probes;

namespace DriftGuard.Core.Tests.Drift.Probes;

public class ProbeTests
{
    private const int Probes = 16;
    private const int Dimensions = 96;

    private static readonly float[][] Stored = [.. Enumerable.Range(0, Probes).Select(probe => Vector(probe))];
    private static readonly ProbeBaseline Baseline = ProbeBaseline.Learn([Stored, Stored], dynamicallyQuantised: false);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Two_probes_beyond_their_tolerance_are_suspicious(int moved, bool suspicious)
    {
        var now = ProbeComparison.Of(Baseline, Moved(moved, cosine: .9));

        now.Beyond.ShouldBe(Enumerable.Range(0, moved));
        now.IsSuspicious.ShouldBe(suspicious);
        now.Space.ShouldBe(SpaceRelation.Same);
        now.MaxDistance.ShouldBe(moved > 0 ? .1 : 0, 1e-6);
        now.MedianDistance.ShouldBe(0, 1e-9);
    }

    [Theory]
    [InlineData(false, 2e-4, true)]
    [InlineData(false, 5e-5, false)]
    [InlineData(true, 3e-3, false)]
    [InlineData(true, 5e-3, true)]
    public void The_least_tolerance_is_that_of_the_kind_of_graph(bool quantised, double distance, bool beyond)
    {
        var baseline = ProbeBaseline.Learn([Stored, Stored], quantised);

        ProbeComparison.Of(baseline, Moved(2, 1 - distance)).IsSuspicious.ShouldBe(beyond);
    }

    [Fact]
    public void A_probe_that_is_noisy_by_itself_tolerates_twice_its_largest_noise_and_leaves_the_others_strict()
    {
        var noisy = Moved(1, cosine: 1 - .01);

        var baseline = ProbeBaseline.Learn([Stored, noisy, Moved(1, cosine: 1 - .002)], dynamicallyQuantised: false);

        baseline.Noise[0].ShouldBe(.01, 1e-6);
        baseline.Tolerance(0).ShouldBe(.02, 1e-6);
        baseline.Tolerance(1).ShouldBe(ProbeBaseline.Floor);
        baseline.MatrixNoise.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_norm_that_is_off_is_a_signal_of_its_own()
    {
        var now = Copied();
        now[3] = [.. now[3].Select(component => component * 1.002f)];

        var compared = ProbeComparison.Of(Baseline, now);

        compared.Beyond.ShouldBeEmpty();
        compared.NormsBeyond.ShouldBe([3]);
        compared.IsSuspicious.ShouldBeTrue();
        compared.AgreesWith(compared).ShouldBeTrue();
    }

    [Fact]
    public void Where_vectors_are_not_normalised_each_norm_is_compared_with_its_own()
    {
        float[][] Scaled(float by) => [.. Stored.Select((vector, probe) => vector.Select(component => component * (probe + 2) * by).ToArray())];
        var baseline = ProbeBaseline.Learn([Scaled(1), Scaled(1.001f)], dynamicallyQuantised: false);

        baseline.IsNormalised.ShouldBeFalse();
        baseline.NormTolerance.ShouldBe(.002, 1e-5);
        ProbeComparison.Of(baseline, Scaled(1.0015f)).NormsBeyond.ShouldBeEmpty();
        ProbeComparison.Of(baseline, Scaled(1.003f)).NormsBeyond.Count.ShouldBe(Probes);
    }

    [Fact]
    public void A_space_whose_axes_are_permuted_and_mirrored_is_the_same_reoriented()
    {
        float[][] now = [.. Stored.Select(vector => vector.Reverse().Select((component, axis) => axis % 3 == 0 ? -component : component).ToArray())];

        var compared = ProbeComparison.Of(Baseline, now);

        compared.Space.ShouldBe(SpaceRelation.Reoriented);
        compared.AxisChange.ShouldBe(AxisChange.PermutedOrMirrored);
        compared.SimilarityChangeMax.ShouldBeLessThan(1e-6);
        compared.Beyond.Count.ShouldBe(Probes);
    }

    [Fact]
    public void A_space_that_is_rotated_is_the_same_reoriented_with_new_components()
    {
        var compared = ProbeComparison.Of(Baseline, [.. Stored.Select(Rotated)]);

        compared.Space.ShouldBe(SpaceRelation.Reoriented);
        compared.AxisChange.ShouldBe(AxisChange.Rotated);
    }

    [Fact]
    public void Another_model_of_the_same_dimension_is_another_space()
    {
        var compared = ProbeComparison.Of(Baseline, [.. Enumerable.Range(0, Probes).Select(probe => Vector(1_000 + probe))]);

        compared.Space.ShouldBe(SpaceRelation.Another);
        compared.AxisChange.ShouldBe(AxisChange.None);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 1, 2, 3 }, true)]
    [InlineData(new[] { 0, 1 }, new[] { 0, 1, 2, 3, 4, 5 }, true)]
    [InlineData(new[] { 0, 1, 2 }, new[] { 2, 3, 4 }, false)]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5 }, new[] { 4, 5, 6, 7, 8, 9 }, false)]
    [InlineData(new[] { 0 }, new[] { 0 }, false)]
    public void A_fresh_run_agrees_if_it_shares_two_probes_and_half_of_the_fewer(int[] first, int[] second, bool agree)
    {
        var (one, other) = (ProbeComparison.Of(Baseline, Moved(first, .9)), ProbeComparison.Of(Baseline, Moved(second, .9)));

        one.AgreesWith(other).ShouldBe(agree);
        other.AgreesWith(one).ShouldBe(agree);
    }

    [Fact]
    public void Distances_do_not_depend_on_the_length_of_vectors_and_are_never_negative() =>
        Gen.Select(Gen.Float[-1, 1].Array[8], Gen.Float[.01f, 100]).Where((vector, _) => vector.Any(component => Math.Abs(component) > .01f)).Sample((vector, scale) =>
        {
            float[] scaled = [.. vector.Select(component => component * scale)];
            var distance = ProbeVectors.Distance(vector, scaled);
            distance.ShouldBeInRange(0, 1e-12);
            ProbeVectors.Distance(vector, [.. vector.Select(component => -component)]).ShouldBe(2, 1e-9);
            ProbeVectors.Distance(vector, vector).ShouldBe(0);
        });

    [Fact]
    public void What_cannot_be_compared_is_refused_by_probe()
    {
        Should.Throw<ArgumentException>(() => ProbeComparison.Of(Baseline, Stored[..^1])).Message.ShouldContain("15 vectors");
        Should.Throw<ArgumentException>(() => ProbeComparison.Of(Baseline, With(5, [1, 2]))).Message.ShouldContain("probe 5 has 2 dimensions; expected 96");
        Should.Throw<ArgumentException>(() => ProbeComparison.Of(Baseline, With(6, new float[Dimensions]))).Message.ShouldContain("probe 6 is the zero vector");
        Should.Throw<ArgumentException>(() => ProbeComparison.Of(Baseline, With(7, [.. Stored[7][..^1], float.NaN]))).Message.ShouldContain("probe 7");
        Should.Throw<ArgumentException>(() => ProbeBaseline.Learn([Stored], false)).Message.ShouldContain("1 runs");
        Should.Throw<ArgumentException>(() => ProbeBaseline.Learn([Stored, Stored[..^1]], false));
        Should.Throw<ArgumentException>(() => ProbeBaseline.Learn([Stored[..1], Stored[..1]], false)).Message.ShouldContain("two at least");
    }

    [Fact]
    public void Baseline_and_comparison_survive_storage()
    {
        var baseline = JsonSerializer.Deserialize<ProbeBaseline>(JsonSerializer.Serialize(Baseline))!;
        var now = ProbeComparison.Of(baseline, Moved(3, .5));
        var text = JsonSerializer.Serialize(now);

        text.ShouldBe(JsonSerializer.Serialize(ProbeComparison.Of(Baseline, Moved(3, .5))));
        JsonSerializer.Serialize(JsonSerializer.Deserialize<ProbeComparison>(text)).ShouldBe(text);
    }

    private static float[] Vector(int seed)
    {
        var random = new Random(seed);
        float[] vector = [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - .5))];
        var norm = (float)ProbeVectors.Norm(vector);
        return [.. vector.Select(component => component / norm)];
    }

    private static float[][] Copied() => [.. Stored.Select(vector => (float[])vector.Clone())];

    private static float[][] With(int probe, float[] vector)
    {
        var run = Copied();
        run[probe] = vector;
        return run;
    }

    private static float[][] Moved(int first, double cosine) => Moved([.. Enumerable.Range(0, first)], cosine);

    /// <summary>Some probes turned away until they have this cosine to where they were.</summary>
    private static float[][] Moved(int[] probes, double cosine)
    {
        var run = Copied();
        foreach (var probe in probes)
        {
            var (vector, away) = (ProbeVectors.Unit(run[probe]), ProbeVectors.Unit(Vector(500 + probe)));
            var dot = vector.Zip(away, (a, b) => a * b).Sum();
            double[] orthogonal = [.. away.Zip(vector, (a, v) => a - (dot * v))];
            var norm = Math.Sqrt(orthogonal.Sum(component => component * component));
            run[probe] = [.. vector.Zip(orthogonal, (v, o) => (float)((cosine * v) + (Math.Sqrt(1 - (cosine * cosine)) * o / norm)))];
        }

        return run;
    }

    /// <summary>Reflected at a few random planes, an orthogonal map whose components are new.</summary>
    private static float[] Rotated(float[] vector)
    {
        var turned = Array.ConvertAll(vector, component => (double)component);
        for (var plane = 0; plane < 64; plane++)
        {
            var normal = ProbeVectors.Unit(Vector(2_000 + plane));
            var dot = turned.Zip(normal, (a, b) => a * b).Sum();
            turned = [.. turned.Zip(normal, (component, n) => component - (2 * dot * n))];
        }

        return Array.ConvertAll(turned, component => (float)component);
    }
}
