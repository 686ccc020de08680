namespace DriftGuard.Benchmarks.Reporting;

/// <summary>Smallest, middle and largest of repeated measurements: with other load on a machine a mean says little.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Median">Middle; of an even number the mean of the two.</param>
/// <param name="Max">Largest.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct Spread(double Min, double Median, double Max)
{
    /// <summary>The spread of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new(sorted[0], (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[^1]);
    }
}
