namespace DriftGuard.Core.Drift.Queries;

/// <summary>What keeps queries from being judged, in words for people.</summary>
internal sealed class QueryChecks(QueryBaseline baseline, QueryDriftOptions options)
{
    public string? BaselineProblem()
    {
        if (baseline.Vectors.Count < options.FewestQueries)
            return $"the baseline has {baseline.Vectors.Count} queries; {options.FewestQueries} are needed";
        if (!(baseline.Bandwidth > 0 && double.IsFinite(baseline.Bandwidth)))
            return FormattableString.Invariant($"the baseline's bandwidth is {baseline.Bandwidth}: half of its queries or more are equal");
        if (!double.IsFinite(baseline.CoverageThreshold))
            return FormattableString.Invariant($"the baseline's coverage threshold is {baseline.CoverageThreshold}, not a finite number");
        return baseline.Below > 0
            ? null
            : FormattableString.Invariant($"no query of the baseline has a best score below its 5 % quantile, {baseline.CoverageThreshold}: its scores are constant or tied");
    }

    /// <summary>The queries that count: all of them, or the first of each session where sessions are what is independent.</summary>
    public DayOfQueries Counted(DayOfQueries day)
    {
        if (!options.Independent)
            return day;
        var sessions = new HashSet<string>(StringComparer.Ordinal);
        return day with { Queries = [.. day.Queries.Where(query => query.Session is null || sessions.Add(query.Session))] };
    }

    public string? Problem(DayOfQueries day)
    {
        var counted = Counted(day).Queries;
        if (counted.Count < options.FewestQueries)
        {
            return FormattableString.Invariant(
                $"{day.Day:yyyy-MM-dd} has {counted.Count} {(options.Independent ? "sessions or queries without one" : "queries")}; {options.FewestQueries} are needed");
        }

        var dimensions = baseline.Vectors[0].Length;
        if (counted.FirstOrDefault(query => query.Vector.Length != dimensions) is { } other)
            return FormattableString.Invariant($"{day.Day:yyyy-MM-dd} has a vector of {other.Vector.Length} dimensions; the baseline's have {dimensions}");
        var broken = counted.Count(query => !double.IsFinite(query.BestScore) || !query.Vector.All(float.IsFinite));
        return broken > 0
            ? FormattableString.Invariant($"{day.Day:yyyy-MM-dd} has {broken} queries whose score or vector is not finite")
            : null;
    }

    public string? DaysProblem(int usable, int given) => options.Independent || usable >= options.FewestDays
        ? null
        : $"{usable} of {given} past days have {options.FewestQueries} sound queries or more; {options.FewestDays} such days are needed";
}
