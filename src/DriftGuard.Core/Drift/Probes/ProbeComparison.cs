using System.Text.Json.Serialization;

namespace DriftGuard.Core.Drift.Probes;

/// <summary>How the space of the vectors relates to that of the baseline.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpaceRelation>))]
public enum SpaceRelation
{
    /// <summary>Most probes lie where they lay.</summary>
    [JsonStringEnumMemberName("same")]
    Same,

    /// <summary>Probes moved far, but not relative to each other: the axes were turned, permuted or mirrored.</summary>
    [JsonStringEnumMemberName("reoriented")]
    Reoriented,

    /// <summary>Probes moved far, also relative to each other: another model.</summary>
    [JsonStringEnumMemberName("another")]
    Another,
}

/// <summary>What became of the axes of a space that is <see cref="SpaceRelation.Reoriented"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AxisChange>))]
public enum AxisChange
{
    /// <summary>The space is not one that was only turned.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The components are those of the baseline in another order or with other signs.</summary>
    [JsonStringEnumMemberName("permuted_or_mirrored")]
    PermutedOrMirrored,

    /// <summary>The components are new.</summary>
    [JsonStringEnumMemberName("rotated")]
    Rotated,
}

/// <summary>
/// A run of the probes against the baseline. The median alone would be blind to a shorter token limit or kept accents, which leave most
/// probes untouched: probes beyond their own tolerance are counted.
/// </summary>
public sealed record ProbeComparison
{
    /// <summary>So many probes beyond their tolerance are suspicious; one alone is a provider's hiccup.</summary>
    public const int FewestBeyond = 2;

    /// <summary>A median distance above this is a move of the whole space.</summary>
    public const double FarMedian = .1;

    /// <summary>Sorted absolute components that agree within this, relative to the norm, are the same components.</summary>
    public const double SameComponents = 1e-3;

    /// <summary>1 - cosine to the stored vector, 0 to 2, for each probe.</summary>
    public required IReadOnlyList<double> Distances { get; init; }

    /// <summary>1 - cosine beyond which each probe counts, in the same order; empty in reports that were written before it was kept.</summary>
    public IReadOnlyList<double> Tolerances { get; init; } = [];

    /// <summary>Positions of the probes beyond their own tolerance, ascending.</summary>
    public required IReadOnlyList<int> Beyond { get; init; }

    /// <summary>Median of <see cref="Distances"/>.</summary>
    public required double MedianDistance { get; init; }

    /// <summary>Largest of <see cref="Distances"/>.</summary>
    public required double MaxDistance { get; init; }

    /// <summary>Positions of the probes whose norm is off by more than <see cref="ProbeBaseline.NormTolerance"/>, ascending.</summary>
    public required IReadOnlyList<int> NormsBeyond { get; init; }

    /// <summary>Median norm of the vectors, as the model gave them.</summary>
    public required double MedianNorm { get; init; }

    /// <summary>Root mean square change of the probes' cosines with each other.</summary>
    public required double SimilarityChangeRms { get; init; }

    /// <summary>Largest change of a cosine of two probes.</summary>
    public required double SimilarityChangeMax { get; init; }

    /// <summary>How the spaces relate.</summary>
    public required SpaceRelation Space { get; init; }

    /// <summary>What became of the axes.</summary>
    public required AxisChange AxisChange { get; init; }

    /// <summary>
    /// Whether drift is suspected: two probes beyond their tolerance, or one norm. A direction may be off once by a provider's fault; a
    /// norm is a property of the whole pipeline, and noise moves it a hundred times less than the tolerance.
    /// </summary>
    public bool IsSuspicious => Beyond.Count >= FewestBeyond || NormsBeyond.Count > 0;

    /// <summary>Compares a run with the baseline.</summary>
    /// <param name="baseline">What was learnt at enrolment.</param>
    /// <param name="now">One vector a probe, in probe order.</param>
    /// <exception cref="ArgumentException">The run has another number of vectors or dimensions, or a vector is zero or not finite.</exception>
    public static ProbeComparison Of(ProbeBaseline baseline, IReadOnlyList<float[]> now)
    {
        ProbeVectors.Refuse(now, baseline.Vectors.Length, baseline.Vectors[0].Length, nameof(now));
        double[] distances = [.. baseline.Vectors.Select((stored, probe) => ProbeVectors.Distance(stored, now[probe]))];
        var (rms, max) = ProbeVectors.Change(ProbeVectors.Cosines(baseline.Vectors), ProbeVectors.Cosines(now));
        var median = Median(distances);
        var space = median <= FarMedian ? SpaceRelation.Same
            : rms <= baseline.MatrixTolerance ? SpaceRelation.Reoriented
            : SpaceRelation.Another;
        return new()
        {
            Distances = distances,
            Tolerances = [.. distances.Index().Select(probe => baseline.Tolerance(probe.Index))],
            Beyond = [.. Positions(distances, (probe, distance) => distance > baseline.Tolerance(probe))],
            MedianDistance = median,
            MaxDistance = distances.Max(),
            NormsBeyond = [.. Positions(baseline.NormDeviations(now), (_, deviation) => deviation > baseline.NormTolerance)],
            MedianNorm = Median([.. now.Select(ProbeVectors.Norm)]),
            SimilarityChangeRms = rms,
            SimilarityChangeMax = max,
            Space = space,
            AxisChange = space != SpaceRelation.Reoriented ? AxisChange.None
                : HaveSameComponents(baseline.Vectors, now) ? AxisChange.PermutedOrMirrored
                : AxisChange.Rotated,
        };
    }

    /// <summary>
    /// Whether a fresh run shows the same: both are suspicious, and they share two probes beyond their tolerance and half of those of the
    /// run with fewer, or a norm and half of the norms of the run with fewer. Two hiccups at different probes do not agree.
    /// </summary>
    public bool AgreesWith(ProbeComparison other) =>
        IsSuspicious && other.IsSuspicious && (Agree(Beyond, other.Beyond, FewestBeyond) || Agree(NormsBeyond, other.NormsBeyond, 1));

    private static bool Agree(IReadOnlyList<int> first, IReadOnlyList<int> second, int fewest)
    {
        var shared = first.Intersect(second).Count();
        return shared >= fewest && 2 * shared >= Math.Min(first.Count, second.Count);
    }

    private static IEnumerable<int> Positions(IEnumerable<double> values, Func<int, double, bool> counts) =>
        values.Index().Where(value => counts(value.Index, value.Item)).Select(value => value.Index);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static bool HaveSameComponents(IReadOnlyList<float[]> stored, IReadOnlyList<float[]> now) =>
        stored.Zip(now).All(pair => Magnitudes(pair.First).Zip(Magnitudes(pair.Second)).All(both => Math.Abs(both.First - both.Second) <= SameComponents));

    private static IEnumerable<double> Magnitudes(float[] vector) => ProbeVectors.Unit(vector).Select(Math.Abs).Order();
}
