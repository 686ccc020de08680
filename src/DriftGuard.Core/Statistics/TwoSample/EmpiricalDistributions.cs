namespace DriftGuard.Core.Statistics.TwoSample;

/// <summary>Distances of the empirical distribution functions of two samples of numbers.</summary>
/// <param name="KolmogorovSmirnov">The largest difference of the two functions, 0 to 1.</param>
/// <param name="Wasserstein">The area between them, in the unit of the numbers.</param>
/// <param name="First">Size of the first sample.</param>
/// <param name="Second">Size of the second sample.</param>
public sealed record EmpiricalDistributions(double KolmogorovSmirnov, double Wasserstein, int First, int Second)
{
    /// <summary>The largest difference, times both sizes: a whole number, so that ties are ties.</summary>
    private long LargestStep { get; init; }

    /// <summary>Compares two samples.</summary>
    /// <exception cref="ArgumentException">A sample is empty, or a number is not finite.</exception>
    public static EmpiricalDistributions Of(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        double[] x = [.. Checked(first, nameof(first))], y = [.. Checked(second, nameof(second))];
        Array.Sort(x);
        Array.Sort(y);
        var (i, j, largest, area) = (0, 0, 0L, 0.0);
        while (i < x.Length || j < y.Length)
        {
            var at = j == y.Length || (i < x.Length && x[i] <= y[j]) ? x[i] : y[j];
            for (; i < x.Length && x[i] == at; i++)
            {
            }

            for (; j < y.Length && y[j] == at; j++)
            {
            }

            var step = Math.Abs(((long)i * y.Length) - ((long)j * x.Length));
            largest = Math.Max(largest, step);
            var next = Math.Min(i < x.Length ? x[i] : double.PositiveInfinity, j < y.Length ? y[j] : double.PositiveInfinity);
            if (double.IsFinite(next))
                area += (next - at) * (step / ((double)x.Length * y.Length));
        }

        return new(largest / ((double)x.Length * y.Length), area, x.Length, y.Length) { LargestStep = largest };
    }

    /// <summary>
    /// Two-sided p of the Kolmogorov-Smirnov statistic, exact for numbers without ties: the share of lattice paths that reach the
    /// observed difference (Hodges 1958). Takes as many steps as the product of the sizes.
    /// </summary>
    public double ExactP()
    {
        // Probabilities instead of counts, which overflow: each path step from (i, j) is to x with the share of x that are left.
        var inside = new double[Second + 1];
        var reached = 0.0;
        inside[0] = 1;
        for (var i = 0; i <= First; i++)
        {
            for (var j = 0; j <= Second; j++)
            {
                if (Math.Abs(((long)i * Second) - ((long)j * First)) >= LargestStep)
                {
                    // What comes here has reached it.
                    reached += Arriving(i, j);
                    inside[j] = 0;
                }
                else if (i > 0 || j > 0)
                {
                    inside[j] = Arriving(i, j);
                }
            }
        }

        return LargestStep == 0 ? 1 : Math.Min(1, reached);

        double Arriving(int i, int j)
        {
            var left = (double)(First + Second - i - j + 1);
            var fromBelow = i > 0 ? inside[j] * ((First - i + 1) / left) : 0;
            var fromLeft = j > 0 ? inside[j - 1] * ((Second - j + 1) / left) : 0;
            return fromBelow + fromLeft;
        }
    }

    /// <summary>Two-sided p by Kolmogorov's limit, for samples too large for <see cref="ExactP"/>.</summary>
    public double AsymptoticP()
    {
        var lambda = KolmogorovSmirnov * Math.Sqrt((double)First * Second / (First + Second));
        if (lambda < 1e-3)
            return 1;
        var sum = 0.0;
        if (lambda < 1)
        {
            // The series below hardly converges here; this one, of the theta function's other form, does.
            for (var k = 1; k <= 20; k++)
                sum += Math.Exp(-((2 * k) - 1) * ((2 * k) - 1) * Math.PI * Math.PI / (8 * lambda * lambda));
            return Math.Clamp(1 - (Math.Sqrt(2 * Math.PI) / lambda * sum), 0, 1);
        }

        for (var k = 1; k <= 20; k++)
            sum += (k % 2 == 1 ? 1 : -1) * Math.Exp(-2.0 * k * k * lambda * lambda);
        return Math.Clamp(2 * sum, 0, 1);
    }

    private static IReadOnlyCollection<double> Checked(IReadOnlyCollection<double> values, string name)
    {
        if (values.Count == 0)
            throw new ArgumentException("The sample is empty.", name);
        return values.All(double.IsFinite) ? values : throw new ArgumentException("A number is not finite.", name);
    }
}
