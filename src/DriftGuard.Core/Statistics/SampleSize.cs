namespace DriftGuard.Core.Statistics;

/// <summary>How much a one-sided test sees in four cases of five.</summary>
public static class SampleSize
{
    /// <summary>The share of equal candidates that are to pass, and of harms that are to be found.</summary>
    public const double Power = .8;

    /// <summary>z(1 - alpha) + z(power): what a difference must be in standard errors; 2.487 at alpha .05.</summary>
    public static double Reach(double alpha) => StudentDistribution.NormalQuantile(1 - alpha) + StudentDistribution.NormalQuantile(Power);
}
