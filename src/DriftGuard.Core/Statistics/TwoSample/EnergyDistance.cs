using System.Numerics.Tensors;

namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>The energy distance of two samples (Székely and Rizzo 2013): 2 E|X-Y| - E|X-X'| - E|Y-Y'|.</summary>
/// <param name="Squared">With means over all pairs, a vector with itself included; never below 0 but for rounding.</param>
/// <param name="SquaredUnbiased">With means over different vectors; null where a sample has fewer than two.</param>
public sealed record EnergyDistance(double Squared, double? SquaredUnbiased)
{
    /// <summary>In the unit of the vectors.</summary>
    public double Distance => Math.Sqrt(Math.Max(0, Squared));

    /// <summary>Measures the distance.</summary>
    public static EnergyDistance Of(PairwiseDistances distances)
    {
        double m = distances.Samples.First, n = distances.Samples.Second;
        var (first, second, between) = (0.0, 0.0, 0.0);
        for (var i = 0; i < (int)(m + n); i++)
        {
            var row = distances.Row(i);
            if (i < (int)m)
            {
                first += TensorPrimitives.Sum<double>(row[..(int)m]);
                between += TensorPrimitives.Sum<double>(row[(int)m..]);
            }
            else
            {
                second += TensorPrimitives.Sum<double>(row[(int)m..]);
            }
        }

        var cross = 2 * between / (m * n);
        return new(
            cross - (first / (m * m)) - (second / (n * n)),
            m < 2 || n < 2 ? null : cross - (first / (m * (m - 1))) - (second / (n * (n - 1))));
    }
}
