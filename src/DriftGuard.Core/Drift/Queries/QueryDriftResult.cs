
namespace DriftGuard.Core.Drift.Queries;

/// <summary>One way in which a day may be unlike what it is compared with.</summary>
public sealed record QueryDriftPart
{
    /// <summary>Student's t of the day among past days; null where sessions are independent and p comes from counting.</summary>
    public double? Statistic { get; init; }

    /// <summary>One-sided p.</summary>
    public required double P { get; init; }

    /// <summary>The same by Holm, over both parts.</summary>
    public required double AdjustedP { get; init; }

    /// <summary>(1 + past days that are as extreme) / (1 + past days), for people: it cannot fall below 1 / (1 + past days). Null without past days.</summary>
    public double? RankP { get; init; }

    /// <summary>By how much the share of poorly covered queries has risen, -1 to 1; or the unbiased MMD^2, whose kernel is at most 1.</summary>
    public required double Effect { get; init; }

    /// <summary>Lower end of the effect's 95 % interval.</summary>
    public required double EffectLower { get; init; }

    /// <summary>Upper end of the effect's 95 % interval.</summary>
    public required double EffectUpper { get; init; }

    /// <summary>Queries of the day that were looked at.</summary>
    public required int Queries { get; init; }

    /// <summary>Queries that they were compared with.</summary>
    public required int Compared { get; init; }

    internal static QueryDriftPart Of(double p, double effect, double standardError, int queries, int compared) => new()
    {
        P = Math.Clamp(p, 0, 1),
        AdjustedP = Math.Clamp(p, 0, 1),
        Effect = effect,
        EffectLower = effect - (1.96 * standardError),
        EffectUpper = effect + (1.96 * standardError),
        Queries = queries,
        Compared = compared,
    };
}

/// <summary>What one day shows.</summary>
/// <param name="Day">The day.</param>
/// <param name="Coverage">Share of queries below the baseline's best-score quantile.</param>
/// <param name="Discrepancy">MMD^2 of the vectors.</param>
public sealed record QueryDayFinding(DateOnly Day, QueryDriftPart Coverage, QueryDriftPart Discrepancy);

/// <summary>Whether queries still look like those of the past, with every figure that the verdict rests on.</summary>
public sealed record QueryDriftResult
{
    /// <summary>What follows.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>Why nothing can be said, or why a suspicion could not be checked; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>What today shows; null where nothing can be said.</summary>
    public QueryDayFinding? Today { get; init; }

    /// <summary>What the other day shows; null unless today is suspicious and there is another day with enough queries.</summary>
    public QueryDayFinding? Confirming { get; init; }

    /// <summary>K: past days that were compared with; 0 where sessions are independent.</summary>
    public required int PastDays { get; init; }

    /// <summary>Whether sessions were taken as independent.</summary>
    public required bool Independent { get; init; }

    /// <summary>The chance of a false suspicion.</summary>
    public required double Alpha { get; init; }

    /// <summary>Standard deviation of the Gaussian kernel, from the baseline.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Seed of all draws.</summary>
    public required int Seed { get; init; }
}
