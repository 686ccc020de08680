using MathNet.Numerics.Distributions;

namespace DriftGuard.Core.Statistics;

/// <summary>Quantiles and tails of Student's t and of the normal distribution.</summary>
public static class StudentDistribution
{
    /// <summary>The value below which Student's t with <paramref name="degreesOfFreedom"/> lies with <paramref name="probability"/>.</summary>
    public static double Quantile(double probability, double degreesOfFreedom) =>
        StudentT.InvCDF(0, 1, degreesOfFreedom, probability);

    /// <summary>P(T &lt; t).</summary>
    public static double LowerTail(double t, double degreesOfFreedom) => StudentT.CDF(0, 1, degreesOfFreedom, t);

    /// <summary>P(T &gt; t), exact also where it is tiny.</summary>
    public static double UpperTail(double t, double degreesOfFreedom) => LowerTail(-t, degreesOfFreedom);

    /// <summary>The value below which a standard normal lies with <paramref name="probability"/>.</summary>
    public static double NormalQuantile(double probability) => Normal.InvCDF(0, 1, probability);
}
