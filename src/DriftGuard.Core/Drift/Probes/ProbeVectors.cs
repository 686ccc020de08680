using System.Numerics.Tensors;

namespace DriftGuard.Core.Drift.Probes;

/// <summary>Arithmetic on the vectors of probes, in 64 bits: 1 - cosine in 32 bits has a noise of 1e-7 and can come out below 0.</summary>
internal static class ProbeVectors
{
    public static double Norm(float[] vector)
    {
        var sum = 0.0;
        foreach (var component in vector)
            sum += (double)component * component;
        return Math.Sqrt(sum);
    }

    /// <summary>1 - cosine, 0 to 2.</summary>
    public static double Distance(float[] first, float[] second) => Distance(Unit(first), Unit(second));

    /// <summary>The cosine of every two probes of a run; only the pairs i &lt; j, row by row.</summary>
    public static double[] Cosines(IReadOnlyList<float[]> run)
    {
        var units = run.Select(Unit).ToList();
        var cosines = new List<double>(units.Count * (units.Count - 1) / 2);
        for (var i = 0; i < units.Count; i++)
        {
            for (var j = i + 1; j < units.Count; j++)
                cosines.Add(1 - Distance(units[i], units[j]));
        }

        return [.. cosines];
    }

    /// <summary>Root mean square and largest difference of two such lists.</summary>
    public static (double Rms, double Max) Change(double[] first, double[] second) =>
        (TensorPrimitives.Distance<double>(first, second) / Math.Sqrt(first.Length), first.Zip(second, (a, b) => Math.Abs(a - b)).Max());

    /// <summary>The components of the vector scaled to norm 1.</summary>
    public static double[] Unit(float[] vector)
    {
        var unit = Array.ConvertAll(vector, component => (double)component);
        TensorPrimitives.Divide(unit, Norm(vector), unit);
        return unit;
    }

    /// <summary>Refuses a run that is not of so many finite vectors other than zero.</summary>
    public static void Refuse(IReadOnlyList<float[]> run, int probes, int dimensions, string parameter)
    {
        if (run.Count != probes)
            throw new ArgumentException($"A run has {run.Count} vectors; there are {probes} probes.", parameter);
        for (var probe = 0; probe < probes; probe++)
        {
            if (run[probe].Length != dimensions)
                throw new ArgumentException($"The vector of probe {probe} has {run[probe].Length} dimensions; expected {dimensions}.", parameter);
            if (!run[probe].All(float.IsFinite))
                throw new ArgumentException($"The vector of probe {probe} has a component that is not a finite number.", parameter);
            if (Norm(run[probe]) == 0)
                throw new ArgumentException($"The vector of probe {probe} is the zero vector, which has no direction.", parameter);
        }
    }

    // By the difference of the unit vectors, |a - b|^2 / 2: equal vectors have distance 0 and nothing near it.
    private static double Distance(double[] first, double[] second)
    {
        var length = TensorPrimitives.Distance<double>(first, second);
        return length * length / 2;
    }
}
