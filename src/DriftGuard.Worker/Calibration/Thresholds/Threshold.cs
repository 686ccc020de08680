using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>A similarity that applications of an index cut at, under one model, as it is stored and served.</summary>
public sealed record Threshold
{
    /// <summary>The name unless another is given.</summary>
    public const string DefaultName = "default";

    /// <summary>What the application calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Fingerprint of the model whose scores it cuts.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The threshold.</summary>
    public required double Value { get; init; }

    /// <summary>Whether a score that equals it is accepted.</summary>
    public required CutRule Accept { get; init; }

    /// <summary>What it cuts: <c>cosine</c>, <c>dot</c>, or a negated distance; larger means more alike.</summary>
    public required string Similarity { get; init; }

    /// <summary>As what the two texts are embedded.</summary>
    public required PairKinds Kinds { get; init; }

    /// <summary>Where it comes from.</summary>
    public required ThresholdMethod Method { get; init; }

    /// <summary>It holds until one is learned from labels.</summary>
    public required bool Provisional { get; init; }

    /// <summary>The share of different pairs that it accepts at most; null where it bounds none.</summary>
    public decimal? Alpha { get; init; }

    /// <summary>Where it may as well have come out; null where that is not known.</summary>
    public BootstrapInterval? Interval { get; init; }

    /// <summary>The calibration set, or the file of pairs; null for one that was stated.</summary>
    public string? Set { get; init; }

    /// <summary>Seed of everything that was drawn; null where nothing was.</summary>
    public int? Seed { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The pairs; null for one that was stated.</summary>
    public PairCounts? Pairs { get; init; }

    /// <summary>What was learned and tested; null for one that was not learned.</summary>
    public LearnedThreshold? Learned { get; init; }

    /// <summary>What it was carried over from; null for one that was not.</summary>
    public MatchedThreshold? Matched { get; init; }

    /// <summary>The threshold as a rule for scores.</summary>
    internal Cut ToCut() => new(Value, Accept);
}

/// <summary>The pairs of a threshold.</summary>
/// <param name="Pairs">Pairs in the set or file, or drawn from the index.</param>
/// <param name="Between">Those that are neither positive nor negative; 0 where labels play no part.</param>
/// <param name="NotScored">Those that have no score, since a text could not be embedded or a vector has no direction.</param>
/// <param name="FirstNotScored">The first of them, with their reasons.</param>
public sealed record PairCounts(int Pairs, int Between, int NotScored, IReadOnlyList<string> FirstNotScored);

/// <summary>What a provisional threshold was carried over from.</summary>
/// <param name="Model">The other model.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Value">Its threshold.</param>
/// <param name="Provisional">That one was provisional itself.</param>
/// <param name="Pairs">Pairs that both models scored.</param>
/// <param name="Accepted">Pairs that either threshold accepts.</param>
/// <param name="Drawn">They are queries with their relevant documents and others at random, and not pairs of a file.</param>
public sealed record MatchedThreshold(string Model, string Fingerprint, double Value, bool Provisional, int Pairs, int Accepted, bool Drawn);

/// <summary>The thresholds of an index under one model.</summary>
/// <param name="Index">The index.</param>
/// <param name="Model">Name of the model; null for a fingerprint that no threshold was stored under.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
/// <param name="Serving">Whether it is the model that serves the index now.</param>
/// <param name="Thresholds">The newest of each name, by name.</param>
public sealed record ServedThresholds(string Index, string? Model, string Fingerprint, bool Serving, IReadOnlyList<ServedThreshold> Thresholds);

/// <summary>A threshold as applications need it; see <see cref="Threshold"/>.</summary>
public sealed record ServedThreshold(
    string Name, double Value, CutRule Accept, string Similarity, PairKinds Kinds, ThresholdMethod Method, bool Provisional, decimal? Alpha, BootstrapInterval? Interval,
    string? Set, DateTimeOffset At)
{
    /// <summary>Leaves out how it was found.</summary>
    public static ServedThreshold Of(Threshold t) => new(t.Name, t.Value, t.Accept, t.Similarity, t.Kinds, t.Method, t.Provisional, t.Alpha, t.Interval, t.Set, t.At);
}
