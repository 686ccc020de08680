namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>Where a threshold comes from.</summary>
public enum ThresholdMethod
{
    /// <summary>Learned from labelled pairs: at most a share alpha of different pairs is accepted.</summary>
    Conformal,

    /// <summary>Learned from labelled pairs: recall minus the share of different pairs accepted is largest.</summary>
    Youden,

    /// <summary>Carried over from another model's threshold by equal shares, without labels.</summary>
    QuantileMatching,

    /// <summary>Stated by the people who use it.</summary>
    Stated,

    /// <summary>No longer in use.</summary>
    Withdrawn,
}
