using System.Diagnostics.Metrics;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>What a metric is.</summary>
internal enum MetricKind
{
    /// <summary>It counts up.</summary>
    Counter,

    /// <summary>It counts up and down.</summary>
    UpDownCounter,

    /// <summary>It tells how something is now.</summary>
    Gauge,

    /// <summary>It tells how measurements are distributed.</summary>
    Histogram,
}

/// <summary>What becomes of the figures of several indexes that have one label together.</summary>
internal enum Together
{
    /// <summary>The largest stands for all.</summary>
    Largest,

    /// <summary>The smallest does.</summary>
    Smallest,

    /// <summary>They are added.</summary>
    Sum,
}

/// <summary>A metric as it is declared, once, for the code and for those who read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Unit">Its unit in UCUM; <c>1</c> for a share, in braces for a count of something.</param>
/// <param name="Description">What it says.</param>
/// <param name="Tags">The keys of its tags, in the order in which their values are given.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Description, params IReadOnlyList<string> Tags)
{
    /// <summary>Upper bounds of a histogram's buckets.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>What becomes of several figures with the same labels.</summary>
    public Together Together { get; init; }

    /// <summary>Makes the counter.</summary>
    public Counter<long> CounterOf(Meter meter) => meter.CreateCounter<long>(Name, Unit, Description);

    /// <summary>Makes the counter that also counts down.</summary>
    public UpDownCounter<long> UpDownCounterOf(Meter meter) => meter.CreateUpDownCounter<long>(Name, Unit, Description);

    /// <summary>Makes the histogram.</summary>
    public Histogram<double> HistogramOf(Meter meter) =>
        meter.CreateHistogram(Name, Unit, Description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });

    /// <summary>Makes what is asked whenever somebody reads: the gauge, or the counter of what the state counts.</summary>
    public void Observe(Meter meter, Func<IEnumerable<Measurement<double>>> read)
    {
        if (Kind == MetricKind.Counter)
        {
            meter.CreateObservableCounter(Name, read, Unit, Description);
        }
        else
        {
            meter.CreateObservableGauge(Name, read, Unit, Description);
        }
    }

    /// <summary>Tags by the values of their keys.</summary>
    public KeyValuePair<string, object?>[] TagsOf(params ReadOnlySpan<string> values)
    {
        if (values.Length != Tags.Count)
        {
            throw new ArgumentException($"{Name} has {Tags.Count} tags, {values.Length} values were given", nameof(values));
        }

        var tags = new KeyValuePair<string, object?>[values.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = new(Tags[i], values[i]);
        }

        return tags;
    }
}
