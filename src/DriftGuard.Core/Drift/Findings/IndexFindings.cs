using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Core.Drift.Findings;

/// <summary>A part of the collection, and what is wrong with it.</summary>
/// <param name="Points">How many points.</param>
/// <param name="Examples">Ids of some of them, in id order.</param>
public sealed record PointCount(long Points, IReadOnlyList<string> Examples)
{
    /// <summary>How many of them were read again and embedded, to see whether their vector is that of their text; null where none was.</summary>
    public long? Checked { get; init; }

    /// <summary>How many of those have a vector that is not that of their text.</summary>
    public long Wrong { get; init; }

    /// <summary>No point.</summary>
    public static PointCount Nothing { get; } = new(0, []);
}

/// <summary>What the stamps say of themselves and of their points.</summary>
public sealed record StampCensus
{
    /// <summary>Points that were looked at.</summary>
    public required long Points { get; init; }

    /// <summary>Whether these were all; otherwise they are the sample.</summary>
    public required bool Whole { get; init; }

    /// <summary>Points without a whole stamp.</summary>
    public PointCount Unstamped { get; init; } = PointCount.Nothing;

    /// <summary>Points that are stamped with another fingerprint than the collection's.</summary>
    public PointCount ForeignFingerprint { get; init; } = PointCount.Nothing;

    /// <summary>Fingerprints in stamps, other than the collection's, with their points.</summary>
    public IReadOnlyDictionary<string, long> Fingerprints { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Points whose text is not the one that was embedded.</summary>
    public PointCount TextEdited { get; init; } = PointCount.Nothing;

    /// <summary>Points whose payload, text aside, is not the one that was written.</summary>
    public PointCount PayloadEdited { get; init; } = PointCount.Nothing;

    /// <summary>Points whose vector is not the one that was written; only of those whose vectors were read.</summary>
    public PointCount VectorReplaced { get; init; } = PointCount.Nothing;

    /// <summary>Points with an update that was cut off.</summary>
    public PointCount Pending { get; init; } = PointCount.Nothing;

    /// <summary>When the writer of the oldest point with a contradiction in its stamp had started; null where that is not known.</summary>
    public DateTimeOffset? FirstBadWriter { get; init; }

    /// <summary>Whether any point was stamped at all: otherwise DriftGuard has not written this collection.</summary>
    public bool AnyStamped => Unstamped.Points < Points;
}

/// <summary>A part of the compared points, in the order of their ids.</summary>
/// <param name="FirstId">Id of its first point.</param>
/// <param name="Compared">Points in it.</param>
/// <param name="Mismatches">Of those, how many vectors the model does not give back.</param>
public sealed record SampleSlice(string FirstId, int Compared, int Mismatches);

/// <summary>Where mismatches lie in the order of the ids.</summary>
/// <param name="FirstId">The first id of the block.</param>
/// <param name="LastId">The last one.</param>
/// <param name="Scan">Its figures; positions are those of the sample.</param>
public sealed record MismatchBlock(string FirstId, string LastId, ScanResult Scan);

/// <summary>What the index detector saw.</summary>
public sealed record IndexFindings
{
    /// <summary>The collection.</summary>
    public required string Collection { get; init; }

    /// <summary>The fingerprint that the collection says its vectors are of; null if it does not say.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Share of stored vectors that the model does not give back, with bounds, over all runs. Points whose text was edited are no part of it:
    /// that is known by their stamp.
    /// </summary>
    public MismatchShare? Mismatches { get; init; }

    /// <summary>Sampled points without a text, or whose text the model refuses: they were not compared.</summary>
    public PointCount NotCompared { get; init; } = PointCount.Nothing;

    /// <summary>Sampled points whose vector no model gives: NaN, zero, another dimension.</summary>
    public PointCount BadVectors { get; init; } = PointCount.Nothing;

    /// <summary>Ids of mismatches, in id order, the first few.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Median of 1 - cosine over all compared points.</summary>
    public double MedianDistance { get; init; }

    /// <summary>Median of 1 - cosine over the mismatches; null without any.</summary>
    public double? MedianMismatch { get; init; }

    /// <summary>Whether the mismatching vectors keep their similarities to each other; null where there are too few to tell.</summary>
    public SpaceRelation? Space { get; init; }

    /// <summary>How the axes changed where the space is re-oriented.</summary>
    public AxisChange Axes { get; init; }

    /// <summary>A contiguous block of ids that holds most mismatches; null where there is none.</summary>
    public MismatchBlock? Block { get; init; }

    /// <summary>The compared points in equal parts by their ids, with the mismatches of each; empty without any.</summary>
    public IReadOnlyList<SampleSlice> Slices { get; init; } = [];

    /// <summary>Stamps and times that mismatches lie in, those that stand out.</summary>
    public IReadOnlyList<GroupShare> Groups { get; init; } = [];

    /// <summary>What the stamps say.</summary>
    public StampCensus? Stamps { get; init; }

    /// <summary>When the writer of the oldest mismatching point had started; null where that is not known.</summary>
    public DateTimeOffset? FirstBadWriter { get; init; }

    /// <summary>Variants of the spec and other models that were tried on the mismatches, the best first; empty where none was.</summary>
    public IReadOnlyList<VariantFit> Variants { get; init; } = [];

    /// <summary>
    /// The first of <see cref="Variants"/> on points that do not mismatch, where it gives those back better than the model itself does: then all of
    /// the collection was made by it, and many points are only too close to tell. Null otherwise.
    /// </summary>
    public VariantFit? Whole { get; init; }
}
