namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>A percentile interval from resamples.</summary>
/// <param name="Lower">The lower end.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Level">How often such an interval holds the true value, e.g. .95.</param>
/// <param name="Resamples">Resamples in which the statistic was defined.</param>
public sealed record BootstrapInterval(double Lower, double Upper, double Level, int Resamples);

/// <summary>The bootstrap over whole groups (Efron 1979; cluster resampling as of Davison and Hinkley 1997): what moves together is drawn together.</summary>
public static class GroupBootstrap
{
    /// <summary>Resamples unless set: the ends of a 95 % interval then rest on the 50 outermost on each side.</summary>
    public const int DefaultResamples = 2_000;

    /// <summary>The level of the intervals.</summary>
    public const double Level = .95;

    /// <summary>The percentile interval of a statistic.</summary>
    /// <param name="groups">The group of each observation; any numbers.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="resamples">How many, at least 100.</param>
    /// <param name="statistic">The statistic of observations by position, some of them several times; null where it is not defined.</param>
    /// <returns>Null with fewer than two groups, or where the statistic is undefined in more than a tenth of the resamples.</returns>
    public static BootstrapInterval? Interval(IReadOnlyList<int> groups, int seed, int resamples, Func<IReadOnlyList<int>, double?> statistic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var members = groups.Index().GroupBy(entry => entry.Item, entry => entry.Index).Select(group => group.ToArray()).ToArray();
        if (members.Length < 2)
            return null;
        var random = new Random(seed);
        var (values, drawn) = (new List<double>(resamples), new List<int>(groups.Count));
        for (var i = 0; i < resamples; i++)
        {
            drawn.Clear();
            for (var j = 0; j < members.Length; j++)
                drawn.AddRange(members[random.Next(members.Length)]);
            if (statistic(drawn) is { } value && double.IsFinite(value))
                values.Add(value);
        }

        if (values.Count < .9 * resamples)
            return null;
        values.Sort();
        var tail = (int)((1 - Level) / 2 * values.Count);
        return new(values[tail], values[^(tail + 1)], Level, values.Count);
    }
}
