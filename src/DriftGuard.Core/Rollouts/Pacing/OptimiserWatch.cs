using System.Globalization;

namespace DriftGuard.Core.Rollouts.Pacing;

/// <summary>
/// Whether a collection's optimiser falls behind what is written: updates pile up, or it has been at work for long and segments multiply all the
/// same. Being at work alone is what it is for. Not thread-safe.
/// </summary>
internal sealed class OptimiserWatch
{
    /// <summary>Updates that may wait: each is a batch that somebody waits for.</summary>
    private const double QueueTolerated = 100;

    /// <summary>How many times as many segments as when the optimiser began it may have.</summary>
    private const double GrowthTolerated = 2;

    /// <summary>A collection has this many at rest, about one a core, whatever is written to it.</summary>
    private const double SegmentsAtRest = 8;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private DateTimeOffset? _atWorkSince;
    private double _segmentsThen;
    private OptimiserSample _last;

    /// <summary>How many times more there is than is tolerated; 1 or less where it keeps up.</summary>
    public double Ratio { get; private set; } = 1;

    /// <summary>What is behind, with figures.</summary>
    public string Text => QueueRatio >= GrowthRatio
        ? string.Create(CultureInfo.InvariantCulture, $"{_last.Queued} updates of the new collection are queued in Qdrant")
        : string.Create(CultureInfo.InvariantCulture, $"Qdrant's optimiser falls behind: {_last.Segments} segments of the new collection, {_segmentsThen:0} when it began");

    /// <summary>Takes in a look.</summary>
    public void Saw(DateTimeOffset at, OptimiserSample sample)
    {
        _last = sample;
        if (!sample.AtWork)
        {
            _atWorkSince = null;
        }
        else if (_atWorkSince is null)
        {
            (_atWorkSince, _segmentsThen) = (at, sample.Segments);
        }

        Ratio = Math.Max(QueueRatio, at - _atWorkSince >= Long ? GrowthRatio : 0);
    }

    private double QueueRatio => (_last.Queued ?? 0) / QueueTolerated;

    private double GrowthRatio => _atWorkSince is null ? 0 : _last.Segments / (GrowthTolerated * Math.Max(SegmentsAtRest, _segmentsThen));
}
