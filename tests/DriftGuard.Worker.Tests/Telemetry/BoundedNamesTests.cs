using System.Globalization;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Watching;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>However many indexes there are, and whatever they are called, there are only so many series.</summary>
public sealed class BoundedNamesTests
{
    private const int Limit = 50;

    [Fact]
    public void The_first_names_have_labels_of_their_own_and_all_others_one_together()
    {
        var names = new BoundedNames(2);

        names.Of("a").ShouldBe("a");
        names.Of("b").ShouldBe("b");
        names.Of("c").ShouldBe(BoundedNames.Other);
        names.Of("a").ShouldBe("a");
        names.Of(null).ShouldBe(BoundedNames.Unknown);
    }

    [Fact]
    public async Task Names_that_come_at_the_same_time_do_not_pass_the_limit()
    {
        var names = new BoundedNames(Limit);

        var labels = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => Task.Run(() => names.Of(Name(i % 1_000)))));

        labels.Distinct(StringComparer.Ordinal).Count().ShouldBe(Limit + 1);
    }

    [Fact]
    public void Thousands_of_indexes_make_no_more_series_than_the_limit_allows()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var metrics = new DriftGuardMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), new() { Telemetry = new() { IndexLabels = Limit } });
        using var measured = new MeasuredMetrics(services);

        for (var i = 0; i < 5_000; i++)
        {
            metrics.Checked(Name(i), "schedule", "none", TimeSpan.FromSeconds(1));
            metrics.Requested("search", Name(i), "answered");
            metrics.Waits(Name(i), "fence", 1);
            metrics.Embedded("onnx", Name(i), error: null, used: 1, TimeSpan.FromSeconds(1));
        }

        foreach (var metric in (MetricDefinition[])[DriftMetrics.Checks, GatewayMetrics.Requests, GatewayMetrics.WritesWaiting])
        {
            SeriesOf(measured, metric).ShouldBe(Limit + 1, metric.Name);
        }

        SeriesOf(measured, EmbeddingMetrics.Duration).ShouldBeLessThan(110);
    }

    [Fact]
    public void Figures_of_indexes_that_share_a_label_become_one_as_their_metric_says()
    {
        var figures = new FigureSet(new BoundedNames(1));
        figures.Add(RolloutMetrics.PhaseAge, 1, "own");
        foreach (var value in (double[])[3, 7, 5, double.NaN])
        {
            figures.Add(RolloutMetrics.PhaseAge, value, Name((int)value));
            figures.Add(RolloutMetrics.PointsCopied, value, Name((int)value));
            figures.Add(DriftMetrics.Quality, value, Name((int)value), "ndcg@10", "now");
        }

        figures.Of(RolloutMetrics.PhaseAge).Select(one => one.Value).ShouldBe([1, 7]);
        figures.Of(RolloutMetrics.PointsCopied).Select(one => one.Value).ShouldBe([15]);
        figures.Of(DriftMetrics.Quality).Select(one => one.Value).ShouldBe([3]);
        figures.Of(RolloutMetrics.Outbox).ShouldBeEmpty();
    }

    private static int SeriesOf(MeasuredMetrics measured, MetricDefinition metric) =>
        measured.Of(metric).Select(one => string.Join('\n', one.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))).Distinct(StringComparer.Ordinal).Count();

    // With what a label must be able to hold as well.
    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"index \"{number}\"\n\\{{}}");
}
