namespace DriftGuard.Core.Statistics.Slices;

/// <summary>
/// No slice left behind: a slice fails if its loss is significant, after Holm's correction over all slices tested, and as large as the
/// margin. It asks for evidence of harm and not for proof that there is none, which would block half of all equal candidates.
/// </summary>
public static class SlicesRule
{
    /// <summary>Slices of fewer queries are only warned of.</summary>
    public const int MinimumQueries = 30;

    /// <summary>More slices than this are not tested, because the correction would leave nothing to find.</summary>
    public const int MaximumTested = 20;

    /// <summary>With fewer groups that differ, no choice of signs is rare enough to reject (log2(20 / .05) is 8.6).</summary>
    public const int MinimumFlippedGroups = 12;

    private const double SameMean = 1e-12;

    /// <summary>
    /// Compares every slice on every metric. Holm's correction is over slices and metrics together: a loss of rank in one language is a loss,
    /// also where as much is found as before.
    /// </summary>
    /// <param name="metrics">The differences and the margin of each metric.</param>
    /// <param name="groups">The group of each query of the whole set.</param>
    /// <param name="slices">The slices (<see cref="Slice.Of"/>).</param>
    /// <param name="options">Error and seed.</param>
    /// <returns>Every slice's verdict, for each metric; with fewer than two queries or groups nothing is tested.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, a difference is not a number in [-1, 1], or a setting is out of range.</exception>
    public static IReadOnlyList<SlicesResult> Compare(
        IReadOnlyList<SlicedMetric> metrics, IReadOnlyList<int> groups, IReadOnlyList<Slice> slices, SlicesOptions options)
    {
        if (metrics.Any(metric => !(metric.Margin > 0 && metric.Margin < 1)) || !(options.Alpha > 0 && options.Alpha < .5))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Slices need a margin in (0, 1) and an alpha in (0, .5); found {string.Join(", ", metrics.Select(metric => metric.Margin))} and {options.Alpha}."), nameof(options));
        }

        var wholes = metrics.Select(metric => ClusteredDifferences.Estimated(metric.Differences, groups)).ToList();
        var tested = wholes.TrueForAll(whole => whole is null) ? [] : Tested(slices);
        var tests = Math.Max(1, tested.Count * metrics.Count);
        var results = metrics.Select((metric, m) => slices.Select(slice => Describe(slice, metric.Differences, groups, wholes[m], tests, options.Alpha)).ToArray()).ToList();
        Test(results, tested, metrics, groups, wholes, options);
        return [.. results.Select((own, m) => new SlicesResult(Outcome(own), own, metrics[m].Margin, options.Alpha, options.Seed))];
    }

    /// <summary>Positions of the slices that are tested, in order. Critical ones come first, then the largest: what is left out matters and tells least.</summary>
    internal static List<int> Tested(IReadOnlyList<Slice> slices) =>
    [
        .. Enumerable.Range(0, slices.Count)
            .Where(position => slices[position].Queries.Count >= MinimumQueries)
            .OrderByDescending(position => slices[position].Critical)
            .ThenByDescending(position => slices[position].Queries.Count)
            .Take(MaximumTested)
            .Order(),
    ];

    private static SliceResult Describe(
        Slice slice, IReadOnlyList<double> differences, IReadOnlyList<int> groups, ClusteredDifferences? whole, int tests, double alpha)
    {
        var own = slice.Queries.Select(position => differences[position]).ToArray();
        return new SliceResult
        {
            Slice = slice,
            Verdict = SliceVerdict.NotTested,
            Groups = slice.Queries.Select(position => groups[position]).Distinct().Count(),
            Mean = own.Sum() / own.Length,
            DetectableHarm = whole is null ? null : DetectableHarm(ClusteredDifferences.OfPart(own, whole), whole, alpha / tests),
        };
    }

    // A handful of equal differences has no spread of its own, which is no certainty: the whole set's counts then.
    private static double? DetectableHarm(ClusteredDifferences own, ClusteredDifferences whole, double alpha)
    {
        var deviation = own.StandardDeviation > 0 ? own.StandardDeviation : whole.StandardDeviation;
        return deviation > 0
            ? SampleSize.Reach(alpha) * deviation / Math.Sqrt(own.EffectiveQueries)
            : null;
    }

    private static void Test(
        List<SliceResult[]> results, List<int> tested, IReadOnlyList<SlicedMetric> metrics, IReadOnlyList<int> groups, List<ClusteredDifferences?> wholes, SlicesOptions options)
    {
        var pairs = Enumerable.Range(0, metrics.Count).Where(m => wholes[m] is not null).SelectMany(m => tested.Select(position => (Metric: m, Position: position))).ToList();
        var resamples = (int)Math.Max(9_999, Math.Ceiling(20 * pairs.Count / options.Alpha));
        var tests = pairs.ConvertAll(pair => POf(results[pair.Metric][pair.Position].Slice, metrics[pair.Metric].Differences, groups, wholes[pair.Metric]!, resamples, options.Seed));
        var adjusted = MultipleTesting.Holm([.. tests.Select(test => test.P)]);
        for (var i = 0; i < pairs.Count; i++)
        {
            var (metric, position) = pairs[i];
            var slice = results[metric][position];
            var worse = MultipleTesting.Rejects(adjusted[i], options.Alpha) && slice.Mean <= -metrics[metric].Margin + SameMean;
            results[metric][position] = slice with
            {
                Verdict = worse ? SliceVerdict.Worse : SliceVerdict.NotWorse,
                Test = tests[i].Test,
                P = tests[i].P,
                AdjustedP = adjusted[i],
            };
        }
    }

    private static (double P, SliceTest Test) POf(
        Slice slice, IReadOnlyList<double> differences, IReadOnlyList<int> groups, ClusteredDifferences whole, int resamples, int seed)
    {
        // A loss is what is asked for, so the signs are turned; a group without a difference has nothing to flip.
        var losses = slice.Queries
            .Where(position => differences[position] != 0)
            .GroupBy(position => groups[position], position => -differences[position])
            .Select(group => group.Sum())
            .ToArray();
        if (losses.Length >= MinimumFlippedGroups)
        {
            var flips = SignFlipTest.Greater(losses, resamples, seed);
            return (flips.P, flips.Exact ? SliceTest.SignFlipExact : SliceTest.SignFlipRandom);
        }

        var own = ClusteredDifferences.OfPart([.. slice.Queries.Select(position => differences[position])], whole);
        return (StudentDistribution.LowerTail(own.Estimate / own.StandardError, whole.Groups - 1), SliceTest.StudentT);
    }

    private static SlicesOutcome Outcome(SliceResult[] results)
    {
        if (Array.Exists(results, slice => slice.Verdict == SliceVerdict.Worse))
            return SlicesOutcome.Fail;
        return Array.Exists(results, slice => slice is { Verdict: SliceVerdict.NotTested, Slice.Critical: true }) ? SlicesOutcome.Inconclusive : SlicesOutcome.Pass;
    }
}
