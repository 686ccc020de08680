using System.Text.Json.Serialization;

namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>Which rule decides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComparisonRule>))]
public enum ComparisonRule
{
    /// <summary>Bounds of the paired difference, with pseudo-observations and cluster-robust variance.</summary>
    [JsonStringEnumMemberName("paired")]
    Paired,

    /// <summary>The literal comparison of the means: refuses half of all equal candidates at any number of queries.</summary>
    [JsonStringEnumMemberName("point")]
    Point,
}

/// <summary>Settings of <see cref="MatchesOrBeatsRule"/>.</summary>
public sealed record MatchesOrBeatsOptions
{
    /// <summary>Which rule decides; the bounds unless set.</summary>
    public ComparisonRule Rule { get; init; } = ComparisonRule.Paired;

    /// <summary>The largest loss that still counts as a match, in (0, 1), on the metric's scale; null leaves it to <see cref="DefaultMargin"/>.</summary>
    public double? Margin { get; init; }

    /// <summary>A difference this small is never called a loss, in [0, 1).</summary>
    public double Epsilon { get; init; } = .005;

    /// <summary>The error of each one-sided bound, in (0, .5).</summary>
    public double Alpha { get; init; } = .05;

    /// <summary>What makes the settings unusable, all of it; empty where they are sound.</summary>
    public IReadOnlyList<string> Problems()
    {
        var wrong = new List<string>();
        if (!Enum.IsDefined(Rule))
            wrong.Add($"rule {(int)Rule} is neither paired nor point");
        if (Margin is { } margin && !(margin > 0 && margin < 1))
            wrong.Add(FormattableString.Invariant($"margin {margin} is not between 0 and 1"));
        if (!(Epsilon >= 0 && Epsilon < 1))
            wrong.Add(FormattableString.Invariant($"epsilon {Epsilon} is not 0 or more and below 1"));
        if (!(Alpha > 0 && Alpha < .5))
            wrong.Add(FormattableString.Invariant($"alpha {Alpha} is not between 0 and 0.5"));
        return wrong;
    }
}
