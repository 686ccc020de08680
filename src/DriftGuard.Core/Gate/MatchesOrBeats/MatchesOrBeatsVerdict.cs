using System.Text.Json.Serialization;

namespace DriftGuard.Core.Gate.MatchesOrBeats;

/// <summary>What the comparison of a metric, paired by query, says about the new side.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MatchesOrBeatsVerdict>))]
public enum MatchesOrBeatsVerdict
{
    /// <summary>The queries asked do not settle it. Never a pass.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>The lower bound of the difference is above 0.</summary>
    [JsonStringEnumMemberName("better")]
    Better,

    /// <summary>A loss beyond the margin is excluded, a gain is not.</summary>
    [JsonStringEnumMemberName("matches")]
    Matches,

    /// <summary>The upper bound of the difference is below -epsilon.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,

    /// <summary>Both sides are the same model; there was nothing to decide.</summary>
    [JsonStringEnumMemberName("no_change")]
    NoChange,
}

/// <summary>Names and meaning of verdicts.</summary>
public static class MatchesOrBeatsVerdicts
{
    /// <summary>The name in reports, metric labels and events.</summary>
    public static string Name(this MatchesOrBeatsVerdict verdict) => verdict switch
    {
        MatchesOrBeatsVerdict.Inconclusive => "inconclusive",
        MatchesOrBeatsVerdict.Better => "better",
        MatchesOrBeatsVerdict.Matches => "matches",
        MatchesOrBeatsVerdict.Worse => "worse",
        MatchesOrBeatsVerdict.NoChange => "no_change",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Not a verdict."),
    };

    /// <summary>Whether a rollout may go on by this verdict: better, matches or no change.</summary>
    public static bool Passes(this MatchesOrBeatsVerdict verdict) =>
        verdict is MatchesOrBeatsVerdict.Better or MatchesOrBeatsVerdict.Matches or MatchesOrBeatsVerdict.NoChange;
}
