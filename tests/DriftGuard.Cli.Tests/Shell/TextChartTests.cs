using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Shell;

public sealed class TextChartTests
{
    private static readonly TextChart Plain = new(blocks: false);

    [Fact]
    public void A_sparkline_reaches_from_the_least_to_the_largest_value_and_leaves_gaps()
    {
        new TextChart(blocks: true).Sparkline([0, 7, null, 3.5, double.NaN]).ShouldBe("▁█ ▅ ");
        Plain.Sparkline([0, 7, null, 3.5]).ShouldBe("_# :".Replace(':', '='));
        Plain.Sparkline([2, 2]).ShouldBe("__", "values that are all alike are no peak");
        Plain.Sparkline([null]).ShouldBe(" ");
    }

    [Fact]
    public void A_bar_shows_its_limit_inside_and_beyond_it()
    {
        Plain.Bar(.5, 10, limit: .2).ShouldBe("##|##");
        Plain.Bar(.1, 10, limit: .9).ShouldBe("#        |");
        Plain.Bar(1, 4).ShouldBe("####");
        Plain.Bar(0, 4).ShouldBe("");
    }

    [Fact]
    public void An_interval_lies_around_zero() => Plain.Interval((-.5, .25, .5), 1, 16).ShouldBe("    ----|-o--");

    [Fact]
    public void A_strip_marks_shares_and_leaves_dots() => Plain.Strip([0, .01, .5, 1]).ShouldBe("._=#");
}
