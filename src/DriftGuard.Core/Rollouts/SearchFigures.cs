using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Rollouts;

/// <summary>What searches of one collection were like.</summary>
/// <param name="Searches">All of them.</param>
/// <param name="Failed">Those that were not answered: the model, Qdrant or DriftGuard failed, not the one who asked.</param>
/// <param name="Empty">Those that were answered with nothing found.</param>
/// <param name="Latency">How long they took, embedding included; those that were given up count as long as they had taken by then.</param>
public sealed record SearchFigures(long Searches, long Failed, long Empty, LatencyHistogram Latency)
{
    /// <summary>Those that did not fail.</summary>
    public long Answered => Searches - Failed;

    /// <summary>The figures of several minutes or gateways as one.</summary>
    public static SearchFigures Sum(IEnumerable<SearchFigures> all)
    {
        var (searches, failed, empty, latency) = (0L, 0L, 0L, new LatencyHistogram());
        foreach (var figures in all)
        {
            (searches, failed, empty) = (searches + figures.Searches, failed + figures.Failed, empty + figures.Empty);
            latency.Merge(figures.Latency);
        }

        return new(searches, failed, empty, latency);
    }
}

/// <summary>What of searches after a cutover is worse than before it: a difference that is both larger than this and no accident.</summary>
public sealed record SoakLimits
{
    /// <summary>By how much the share of searches that fail may rise.</summary>
    public double Errors { get; init; } = .01;

    /// <summary>By how much the share of answers with nothing found may rise.</summary>
    public double Empty { get; init; } = .05;

    /// <summary>The old 95th percentile of the latency, so many times, may be exceeded by at most a twentieth of the new searches.</summary>
    public double LatencyRatio { get; init; } = 2;

    /// <summary>So much longer than the old 95th percentile nobody notices, however many times it is: another model takes its own time to embed.</summary>
    public TimeSpan LatencyMargin { get; init; } = TimeSpan.FromMilliseconds(50);
}
