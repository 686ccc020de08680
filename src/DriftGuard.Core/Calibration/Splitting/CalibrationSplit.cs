namespace DriftGuard.Core.Calibration.Splitting;

/// <summary>How a set is divided into two.</summary>
/// <param name="First">Ids of the queries of the first half.</param>
/// <param name="Second">Ids of the queries of the second.</param>
/// <param name="SharedDocuments">Documents that are relevant to queries of both: where they are many, the halves are not independent.</param>
/// <param name="Seed">Seed of the draw.</param>
public sealed record CalibrationSplit(IReadOnlySet<string> First, IReadOnlySet<string> Second, int SharedDocuments, int Seed)
{
    /// <summary>
    /// Draws two halves. Groups stay whole, since their queries move together; strata (the declared slices, or one field) keep their shares.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="share">Share of the queries that go to the first half, in (0, 1).</param>
    /// <param name="seed">Seed of the order of groups.</param>
    /// <param name="fields">The fields that make the strata.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static CalibrationSplit Of(CalibrationSet set, double share, int seed, IReadOnlyList<string> fields)
    {
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "the share of the first half lies between 0 and 1.");
        var random = new Random(seed);
        var first = new HashSet<string>(StringComparer.Ordinal);

        // What a stratum could not divide evenly is made good by the next.
        var owed = 0.0;
        foreach (var stratum in set.Queries.GroupBy(query => query.Group).GroupBy(group => Stratum(group, fields), StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var groups = stratum.Select(group => group.ToArray()).ToArray();
            random.Shuffle(groups);
            foreach (var group in groups.OrderByDescending(group => group.Length))
            {
                owed += share * group.Length;
                if (owed < group.Length / 2.0)
                    continue;
                owed -= group.Length;
                first.UnionWith(group.Select(query => query.Id));
            }
        }

        var second = set.Queries.Select(query => query.Id).Where(id => !first.Contains(id)).ToHashSet(StringComparer.Ordinal);
        var relevant = RelevantOf(set, first);
        relevant.IntersectWith(RelevantOf(set, second));
        return new(first, second, relevant.Count, seed);
    }

    /// <summary>A group belongs where most of its queries do.</summary>
    private static string Stratum(IEnumerable<CalibrationQuery> group, IReadOnlyList<string> fields) => group
        .CountBy(query => string.Join('\u001f', fields.Select(field => query.Fields.GetValueOrDefault(field) ?? "")), StringComparer.Ordinal)
        .OrderByDescending(key => key.Value).ThenBy(key => key.Key, StringComparer.Ordinal).First().Key;

    private static HashSet<string> RelevantOf(CalibrationSet set, HashSet<string> queries) => set.Queries
        .Where(query => queries.Contains(query.Id))
        .SelectMany(query => set.Qrels.RelevantTo(query.Id))
        .ToHashSet(StringComparer.Ordinal);
}
