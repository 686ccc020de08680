using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>How a threshold is learned.</summary>
public sealed record ThresholdOptions
{
    /// <summary>Positives needed, so that the recall means something: its bounds are .3 away from it at worst.</summary>
    public const int LeastPositives = 10;

    /// <summary>Pairs of each class that <see cref="ThresholdMethod.Youden"/> needs, which has no bound that a small sample keeps.</summary>
    public const int LeastForYouden = 20;

    /// <summary><see cref="ThresholdMethod.Conformal"/> or <see cref="ThresholdMethod.Youden"/>.</summary>
    public ThresholdMethod Method { get; init; } = ThresholdMethod.Conformal;

    /// <summary>The share of different pairs that a conformal threshold accepts at most, between 0 and 1.</summary>
    public decimal Alpha { get; init; } = .05m;

    /// <summary>Seed of the halves and of the resamples.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Resamples of the bootstrap.</summary>
    public int Resamples { get; init; } = GroupBootstrap.DefaultResamples;

    /// <summary>The columns of pairs whose values are slices.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Negatives needed to learn.</summary>
    internal int NegativesNeeded => Method == ThresholdMethod.Youden ? LeastForYouden : ConformalThreshold.LeastNegatives(Alpha);

    /// <summary>Positives needed to learn.</summary>
    internal int PositivesNeeded => Method == ThresholdMethod.Youden ? LeastForYouden : LeastPositives;
}
