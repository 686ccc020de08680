using DriftGuard.Core.Rollouts.Shadow;

namespace DriftGuard.Core.Tests.Rollouts.Shadow;

public sealed class ShadowFiguresTests
{
    [Fact]
    public void Mean_and_standard_error_are_those_of_the_overlaps_themselves()
    {
        double[] overlaps = [0, .3, .3, .9, 1, 0, .5];
        var figures = Of(overlaps);

        var mean = overlaps.Average();
        var variance = overlaps.Sum(overlap => (overlap - mean) * (overlap - mean)) / (overlaps.Length - 1);
        Assert.Equal(mean, figures.MeanOverlap()!.Value, 12);
        Assert.Equal(Math.Sqrt(variance / overlaps.Length), figures.OverlapError()!.Value, 12);
        Assert.Equal(2, figures.Disjoint);
    }

    [Fact]
    public void Several_that_are_merged_say_what_one_of_all_says()
    {
        var merged = Of(.1, .2);
        merged.Merge(Of(0, .7, 1));
        var whole = Of(.1, .2, 0, .7, 1);

        Assert.Equal(whole.MeanOverlap()!.Value, merged.MeanOverlap()!.Value, 12);
        Assert.Equal(whole.OverlapError()!.Value, merged.OverlapError()!.Value, 12);
        Assert.Equal((whole.Compared, whole.Disjoint, whole.Shifted, whole.TopShiftSum), (merged.Compared, merged.Disjoint, merged.Shifted, merged.TopShiftSum));
        Assert.Equal(whole.Green.Quantile(.5), merged.Green.Quantile(.5));
    }

    [Fact]
    public void Too_few_say_nothing()
    {
        Assert.Null(new ShadowFigures().MeanOverlap());
        Assert.Null(Of(.5).OverlapError());
        Assert.Equal(0, Of(.3, .3, .3).OverlapError()!.Value, 6);
    }

    [Fact]
    public void A_query_without_a_shift_counts_for_the_overlap_alone()
    {
        var figures = Of(.5);
        figures.Add(new(0, null, null));

        Assert.Equal((2, 1), (figures.Compared, figures.Shifted));
    }

    private static ShadowFigures Of(params double[] overlaps)
    {
        var figures = new ShadowFigures();
        foreach (var overlap in overlaps)
        {
            figures.Add(new(overlap, .25, -.5));
            figures.Green.Add(overlap * 100);
        }

        return figures;
    }
}
