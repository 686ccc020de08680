namespace DriftGuard.Core.Drift.Queries;

/// <summary>Settings of <see cref="QueryDrift"/>.</summary>
public sealed record QueryDriftOptions
{
    /// <summary>
    /// Whether sessions are independent of each other, with no topic that lasts a day. Then a day is compared with the baseline, one query
    /// of each session, and past days are not needed. If it is wrong, one day in ten alarms.
    /// </summary>
    public bool Independent { get; init; }

    /// <summary>The chance that a day without drift is suspected, over both parts, in (0, .5).</summary>
    public double Alpha { get; init; } = .01;

    /// <summary>A day with fewer queries says nothing, at least 2.</summary>
    public int FewestQueries { get; init; } = EnoughQueries;

    /// <summary>Queries of a day without which nothing is said, unless set otherwise.</summary>
    public const int EnoughQueries = 200;

    /// <summary>With fewer past days nothing is said, at least <see cref="Statistics.DailyShares.FewestDays"/>.</summary>
    public int FewestDays { get; init; } = Statistics.DailyShares.FewestDays;

    /// <summary>Vectors that are drawn from a day, and for what it is compared with, at least 2.</summary>
    public int MostVectors { get; init; } = 500;

    /// <summary>Random splits where sessions are independent, at least 1.</summary>
    public int Permutations { get; init; } = 999;

    /// <summary>Seed of all draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What makes the settings unusable, all of it; empty where they are sound.</summary>
    public IReadOnlyList<string> Problems()
    {
        var wrong = new List<string>();
        if (!(Alpha > 0 && Alpha < .5))
            wrong.Add(FormattableString.Invariant($"alpha {Alpha} is not between 0 and 0.5"));
        if (FewestQueries < 2)
            wrong.Add($"fewest queries {FewestQueries} is below 2");
        if (FewestDays < Statistics.DailyShares.FewestDays)
            wrong.Add($"fewest days {FewestDays} is below {Statistics.DailyShares.FewestDays}");
        if (MostVectors < 2)
            wrong.Add($"most vectors {MostVectors} is below 2");
        if (Permutations < 1)
            wrong.Add($"permutations {Permutations} is below 1");
        return wrong;
    }
}
