namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>What the check of dashboards and rules sees in an expression.</summary>
public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up()", "")]
    [InlineData("max by (index, detector) (a_total{x=\"1\", y!~\"b|c{\"}) == 1", "a_total(x,y)", "index,detector")]
    [InlineData("histogram_quantile(0.95, sum by (le) (rate(a_bucket[$__rate_interval])))", "a_bucket()", "le")]
    [InlineData("a / on (index) b{z=~\"$index\"} > 0.9 and on (index) max_over_time(c[30m]) < -5", "a(),b(z),c()", "index,index")]
    [InlineData("count(a) or vector(0)", "a()", "")]
    public void Metrics_and_labels_are_found(string expression, string selectors, string grouping)
    {
        var read = PromQl.Parse(expression);

        string.Join(',', read.Selectors.Select(one => $"{one.Metric}({string.Join(',', one.Labels)})")).ShouldBe(selectors);
        string.Join(',', read.Grouping).ShouldBe(grouping);
    }
}
