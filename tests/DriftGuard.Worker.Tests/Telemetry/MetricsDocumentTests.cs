using System.Text.RegularExpressions;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Tracing;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary><c>deploy/METRICS.md</c> says of each metric what the code declares, and nothing else.</summary>
public sealed partial class MetricsDocumentTests
{
    [Fact]
    public void The_document_has_every_metric_as_it_is_declared() =>
        Documented(MetricRow()).ShouldBe(MetricCatalogue.All.Select(Row), ignoreOrder: true);

    [Fact]
    public void The_document_has_every_span_as_it_is_declared() => Documented(SpanRow()).ShouldBe(
        SpanCatalogue.All.Select(span => $"| `{span.Name}` | {string.Join(", ", span.Attributes.Select(key => $"`{key}`"))} | {span.Description} |"), ignoreOrder: true);

    [Fact]
    public void No_metric_is_declared_twice() =>
        MetricCatalogue.All.GroupBy(metric => metric.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).ShouldBeEmpty();

    [Fact]
    public void Histograms_have_buckets_and_what_is_measured_in_time_is_in_seconds()
    {
        MetricCatalogue.All.Where(metric => metric.Kind == MetricKind.Histogram).ShouldAllBe(metric => metric.Buckets.Count > 5 && metric.Buckets.SequenceEqual(metric.Buckets.Order()));
        MetricCatalogue.All.Where(metric => metric.Name.EndsWith("duration", StringComparison.Ordinal) || metric.Name.EndsWith(".age", StringComparison.Ordinal)).ShouldAllBe(metric => metric.Unit == "s");
    }

    private static string Row(MetricDefinition metric) =>
        $"| `{metric.Name}` | {KindOf(metric)} | {metric.Unit} | {string.Join(", ", metric.Tags.Select(tag => $"`{tag}`"))} | {metric.Description} |";

    private static string KindOf(MetricDefinition metric) => metric.Kind switch
    {
        MetricKind.UpDownCounter => "up-down counter",
        _ => metric.Kind.ToString().ToLowerInvariant(),
    };

    private static List<string> Documented(Regex row) => [.. File.ReadLines(Path.Join(AppContext.BaseDirectory, "deploy", "METRICS.md")).Where(line => row.IsMatch(line))];

    [GeneratedRegex("^\\| `(driftguard|gen_ai)\\.[a-z_.]+` \\| (counter|up-down counter|gauge|histogram) \\|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MetricRow();

    [GeneratedRegex("^\\| `(rollout|drift|embeddings)[a-z {}]*` \\| `", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SpanRow();
}
