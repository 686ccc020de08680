using DriftGuard.Core.Gate.Attribution;

namespace DriftGuard.Core.Tests.Gate.Attribution;

public class LossAttributionTests
{
    private const int Queries = 100;
    private const double Epsilon = .005, Alpha = .05;

    private static readonly int[] Groups = [.. Enumerable.Range(0, Queries)];

    [Theory]
    [InlineData(1.0, 1.0, 1.0, 0.8, LossCause.ApproximateIndex)]
    [InlineData(1.0, 1.0, 0.8, 0.8, LossCause.Model)]
    [InlineData(1.0, 1.0, 0.8, 0.6, LossCause.Both)]
    [InlineData(1.0, 1.0, 1.0, 1.0, LossCause.None)]
    [InlineData(0.6, 0.6, 0.9, 0.7, LossCause.ApproximateIndex)]
    [InlineData(0.8, 0.6, 0.8, 0.6, LossCause.None)]
    [InlineData(0.8, 0.6, 0.6, 0.6, LossCause.Model)]
    [InlineData(1.0, 1.0, 1.0, 0.99, LossCause.None)]
    public void What_exact_search_loses_is_the_models_and_the_rest_the_index(double oldExact, double oldUsers, double newExact, double newUsers, LossCause cause)
    {
        var attribution = Of(Hits(oldUsers), Hits(oldExact), Hits(newUsers), Hits(newExact));

        attribution.Cause.ShouldBe(cause, attribution.Sentence);
        attribution.Model.Mean.ShouldBe(newExact - oldExact, 1e-9);
        attribution.Index.Mean.ShouldBe(newUsers - newExact - (oldUsers - oldExact), 1e-9);
        (attribution.Model.Mean + attribution.Index.Mean).ShouldBe(attribution.Difference, 1e-9);
    }

    [Fact]
    public void A_gain_of_the_model_does_not_hide_what_the_index_loses()
    {
        var attribution = Of(Hits(.5), Hits(.5), Hits(.6), Hits(.9));

        attribution.Difference.ShouldBe(.1, 1e-9);
        attribution.Sentence.ShouldBe(
            "the approximate index loses, not the model: of +0.1000, +0.4000 is the model's (exact search) and -0.3000 the approximate index'; raise hnsw_config.m or ef_construct of the new collection, or hnsw_ef of searches");
    }

    [Fact]
    public void Differences_of_differences_may_lie_beyond_one()
    {
        // The old side's approximate search found what exact search ranks away, the new side's loses what exact search finds.
        var attribution = Of(Hits(1), Hits(0), Hits(0), Hits(1));

        attribution.Index.Mean.ShouldBe(-2);
        attribution.Index.Upper!.Value.ShouldBeLessThan(-1.5);
        attribution.Cause.ShouldBe(LossCause.ApproximateIndex);
    }

    [Fact]
    public void One_group_has_no_bounds_and_blames_nobody()
    {
        var attribution = LossAttribution.Of(([1, 1], [1, 1]), ([0, 0], [0, 0]), [3, 3], Epsilon, Alpha)!;

        (attribution.Model.Lower, attribution.Model.Upper, attribution.Cause).ShouldBe((null, null, LossCause.None));
        attribution.Model.Mean.ShouldBe(-1);
    }

    [Fact]
    public void No_query_has_nothing_to_attribute_and_lists_of_different_length_are_refused()
    {
        LossAttribution.Of(([], []), ([], []), [], Epsilon, Alpha).ShouldBeNull();
        Should.Throw<ArgumentException>(() => LossAttribution.Of(([1], [1]), ([1], []), [0], Epsilon, Alpha)).Message.ShouldContain("expected one each");
    }

    private static LossAttribution Of(double[] oldUsers, double[] oldExact, double[] newUsers, double[] newExact) =>
        LossAttribution.Of((oldUsers, oldExact), (newUsers, newExact), Groups, Epsilon, Alpha)!;

    /// <summary>The first of a hundred queries find what they should.</summary>
    private static double[] Hits(double share) => [.. Enumerable.Range(0, Queries).Select(i => i < Math.Round(share * Queries) ? 1.0 : 0)];
}
