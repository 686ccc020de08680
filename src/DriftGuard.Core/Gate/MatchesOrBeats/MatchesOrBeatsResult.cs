namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>One metric compared between two sides, with every figure the verdict rests on. Differences are new - old, on the metric's scale.</summary>
public sealed record MatchesOrBeatsResult
{
    /// <summary>What follows.</summary>
    public required MatchesOrBeatsVerdict Verdict { get; init; }

    /// <summary>The rule that decided.</summary>
    public required ComparisonRule Rule { get; init; }

    /// <summary>n: queries compared.</summary>
    public required int Queries { get; init; }

    /// <summary>G: groups of queries that share relevant documents.</summary>
    public required int Groups { get; init; }

    /// <summary>Mean of the metric on the old side.</summary>
    public required double MeanOld { get; init; }

    /// <summary>Mean of the metric on the new side.</summary>
    public required double MeanNew { get; init; }

    /// <summary>Mean difference as measured, without pseudo-observations.</summary>
    public required double MeanDifference { get; init; }

    /// <summary>The margin used, set or by default.</summary>
    public required double Margin { get; init; }

    /// <summary>Whether <see cref="Margin"/> was chosen by <see cref="DefaultMargin"/>.</summary>
    public required bool MarginIsDefault { get; init; }

    /// <summary>A smaller loss is never called one.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The error of each one-sided bound.</summary>
    public required double Alpha { get; init; }

    /// <summary>How much wider groups make the variance, at least 1; null with fewer than 2 queries or groups.</summary>
    public double? DesignEffect { get; init; }

    /// <summary>n / design effect; null with fewer than 2 queries or groups.</summary>
    public double? EffectiveQueries { get; init; }

    /// <summary>The difference the bounds are centred on, drawn towards 0 by the pseudo-observations; null with fewer than 2 queries or groups.</summary>
    public double? Estimate { get; init; }

    /// <summary>Standard error of <see cref="Estimate"/>; null with fewer than 2 queries or groups.</summary>
    public double? StandardError { get; init; }

    /// <summary>One-sided lower bound of the difference; null with fewer than 2 queries or groups.</summary>
    public double? LowerBound { get; init; }

    /// <summary>One-sided upper bound of the difference; null with fewer than 2 queries or groups.</summary>
    public double? UpperBound { get; init; }

    /// <summary>The margin that this many queries settle for an equal candidate in four cases of five; null with fewer than 2 queries or groups.</summary>
    public double? AttainableMargin { get; init; }

    /// <summary>How many queries like these would settle it in four cases of five; null unless inconclusive, or where no number would.</summary>
    public int? QueriesNeeded { get; init; }

    /// <summary>How many groups there must be at least before anything can match; null unless there are fewer.</summary>
    public int? GroupsNeeded { get; init; }

    /// <summary>The loss is so close to the margin, or beyond it, that more queries would not settle it: label better, or set another margin.</summary>
    public bool MoreQueriesWillNotSettleIt { get; init; }

    /// <summary>The verdict and its figures in a sentence for people.</summary>
    public string Sentence => MatchesOrBeatsSentence.Of(this);
}
