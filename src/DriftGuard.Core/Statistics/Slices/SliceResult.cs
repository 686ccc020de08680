using System.Text.Json.Serialization;

namespace DriftGuard.Core.Statistics.Slices;

/// <summary>What is known about one slice.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SliceVerdict>))]
public enum SliceVerdict
{
    /// <summary>Fewer than 30 queries, or more slices than can be tested: look at it by eye.</summary>
    [JsonStringEnumMemberName("not_tested")]
    NotTested,

    /// <summary>No loss that is both significant and as large as the margin. Not a proof that there is none: see the detectable harm.</summary>
    [JsonStringEnumMemberName("not_worse")]
    NotWorse,

    /// <summary>A loss of the margin or more that chance does not explain.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,
}

/// <summary>How a slice was tested.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SliceTest>))]
public enum SliceTest
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Sign flips of whole groups, all of them counted.</summary>
    [JsonStringEnumMemberName("sign_flip_exact")]
    SignFlipExact,

    /// <summary>Random sign flips of whole groups.</summary>
    [JsonStringEnumMemberName("sign_flip_random")]
    SignFlipRandom,

    /// <summary>Student's t with the whole set's design effect and groups: too few groups to flip.</summary>
    [JsonStringEnumMemberName("student_t")]
    StudentT,
}

/// <summary>One slice compared between two sides. Differences are new - old.</summary>
public sealed record SliceResult
{
    /// <summary>The slice.</summary>
    public required Slice Slice { get; init; }

    /// <summary>What follows for it.</summary>
    public required SliceVerdict Verdict { get; init; }

    /// <summary>Its groups of queries.</summary>
    public required int Groups { get; init; }

    /// <summary>Its mean difference.</summary>
    public required double Mean { get; init; }

    /// <summary>The loss that a test of this slice would find in four cases of five; null where nothing in the set differs.</summary>
    public double? DetectableHarm { get; init; }

    /// <summary>How it was tested.</summary>
    public SliceTest Test { get; init; }

    /// <summary>p for "not worse", one-sided; null where not tested.</summary>
    public double? P { get; init; }

    /// <summary>p after Holm's correction over all tested slices; null where not tested.</summary>
    public double? AdjustedP { get; init; }
}
