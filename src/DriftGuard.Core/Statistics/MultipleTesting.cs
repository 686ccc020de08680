namespace DriftGuard.Core.Statistics;

/// <summary>p-values corrected for the number of tests. Results are in the order of the input.</summary>
public static class MultipleTesting
{
    // m p / i may come out an ulp above the alpha it equals.
    private const double AtAlpha = 1 + 1e-12;

    /// <summary>Holm (1979): bounds the chance of even one false rejection, whatever the dependence.</summary>
    /// <param name="pValues">p-values in [0, 1], in any order.</param>
    /// <exception cref="ArgumentException">A p-value is not a number in [0, 1].</exception>
    public static IReadOnlyList<double> Holm(IReadOnlyList<double> pValues)
    {
        var ascending = Ascending(pValues);
        var adjusted = new double[pValues.Count];
        var running = 0.0;
        for (var i = 0; i < ascending.Length; i++)
        {
            running = Math.Max(running, Math.Min(1, (ascending.Length - i) * pValues[ascending[i]]));
            adjusted[ascending[i]] = running;
        }

        return adjusted;
    }

    /// <summary>Benjamini and Hochberg (1995): bounds the expected share of false rejections among all rejections.</summary>
    /// <inheritdoc cref="Holm"/>
    public static IReadOnlyList<double> BenjaminiHochberg(IReadOnlyList<double> pValues)
    {
        var ascending = Ascending(pValues);
        var adjusted = new double[pValues.Count];
        var running = 1.0;
        for (var i = ascending.Length - 1; i >= 0; i--)
        {
            running = Math.Min(running, ascending.Length * pValues[ascending[i]] / (i + 1));
            adjusted[ascending[i]] = running;
        }

        return adjusted;
    }

    /// <summary>Whether an adjusted p-value rejects at <paramref name="alpha"/>, which includes equality as decimal numbers.</summary>
    public static bool Rejects(double adjusted, double alpha) => adjusted <= alpha * AtAlpha;

    private static int[] Ascending(IReadOnlyList<double> pValues)
    {
        for (var i = 0; i < pValues.Count; i++)
        {
            if (!(pValues[i] >= 0 && pValues[i] <= 1))
                throw new ArgumentException(FormattableString.Invariant($"p-value {i} is {pValues[i]}; expected a number in [0, 1]."), nameof(pValues));
        }

        var order = Enumerable.Range(0, pValues.Count).ToArray();
        Array.Sort(order, (a, b) => pValues[a].CompareTo(pValues[b]) is var byValue and not 0 ? byValue : a.CompareTo(b));
        return order;
    }
}
