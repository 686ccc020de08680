using System.Numerics.Tensors;

namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>How far the means of two samples point apart.</summary>
public static class CentroidDistance
{
    /// <summary>1 - cosine of the two means, 0 to 2; null where a mean is the zero vector, which points nowhere.</summary>
    public static double? Cosine(Samples samples)
    {
        var first = Mean(samples.Rows.Take(samples.First));
        var second = Mean(samples.Rows.Skip(samples.First));
        var product = TensorPrimitives.Norm<double>(first) * TensorPrimitives.Norm<double>(second);
        return product == 0 ? null : Math.Clamp(1 - (TensorPrimitives.Dot<double>(first, second) / product), 0, 2);
    }

    private static double[] Mean(IEnumerable<double[]> rows)
    {
        var (sum, count) = (Array.Empty<double>(), 0);
        foreach (var row in rows)
        {
            if (count++ == 0)
                sum = (double[])row.Clone();
            else
                TensorPrimitives.Add(sum, row, sum);
        }

        TensorPrimitives.Divide(sum, count, sum);
        return sum;
    }
}
