using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Calibration.Power;

/// <summary>Where the spread of differences is known from.</summary>
public enum SpreadSource
{
    /// <summary>A stored evaluation of two sides on this set.</summary>
    Evaluation,

    /// <summary>Two models, measured now on the set's own corpus.</summary>
    Measured,

    /// <summary>Measured on other sets with other models: an order of magnitude.</summary>
    Typical,
}

/// <summary>How many queries would settle a difference.</summary>
/// <param name="Difference">The difference, on the metrics' scale.</param>
/// <param name="QueriesNeeded">Queries that settle it in four cases of five, on every metric, and make up the least number of groups.</param>
/// <param name="Missing">How many more that is than the set has; 0 where it has enough.</param>
/// <param name="MissingGroups">How many groups the set is short of the least that can show a match; 0 where it has enough.</param>
public sealed record DifferencePower(double Difference, int QueriesNeeded, int Missing, int MissingGroups);

/// <summary>What the test of a slice would find.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Queries">Its queries.</param>
/// <param name="Tested">Whether it is tested at all.</param>
/// <param name="DetectableHarm">The loss that is found in four cases of five.</param>
public sealed record SlicePower(string Slice, int Queries, bool Tested, double? DetectableHarm);

/// <summary>What a set can tell.</summary>
public sealed record SetPower
{
    /// <summary>Where the spread is from.</summary>
    public required SpreadSource Source { get; init; }

    /// <summary>The same for people.</summary>
    public required string From { get; init; }

    /// <summary>The spread of each metric.</summary>
    public required IReadOnlyList<DifferenceSpread> Spreads { get; init; }

    /// <summary>The set's queries.</summary>
    public required int Queries { get; init; }

    /// <summary>The margin that they settle for an equal candidate in four cases of five, on every metric; null where there are none.</summary>
    public double? AttainableMargin { get; init; }

    /// <summary>Each difference that was asked about.</summary>
    public required IReadOnlyList<DifferencePower> Differences { get; init; }

    /// <summary>Each declared slice.</summary>
    public required IReadOnlyList<SlicePower> Slices { get; init; }

    /// <summary>What a set can tell with a given spread of differences. The metric that scatters most decides, since all must match.</summary>
    /// <exception cref="ArgumentException">There is no spread.</exception>
    public static SetPower Of(CalibrationSet set, SpreadSource source, string from, IReadOnlyList<DifferenceSpread> spreads, IReadOnlyList<double> differences)
    {
        if (spreads.Count == 0)
            throw new ArgumentException("Power needs the spread of at least one metric.", nameof(spreads));
        var slices = Slice.Of(set);
        var tested = SlicesRule.Tested(slices);
        return new()
        {
            Source = source,
            From = from,
            Spreads = spreads,
            Queries = set.Queries.Count,
            AttainableMargin = spreads.Max(spread => spread.AttainableMargin(set.Queries.Count)),
            Differences = [.. differences.Select(difference => Needed(spreads, difference, set.Queries.Count, set.GroupCount))],
            // Slices are compared on the first metric.
            Slices = [.. slices.Select((slice, position) => new SlicePower(
                slice.Name, slice.Queries.Count, tested.Contains(position), spreads[0].DetectableHarm(slice.Queries.Count, .05 / Math.Max(1, tested.Count))))],
        };
    }

    /// <summary>Whether a set can show a match at all.</summary>
    public static bool CanDecide(CalibrationSet set) => set.GroupCount >= MatchesOrBeatsRule.MinimumGroups;

    /// <summary>However little differences scatter, fewer groups than the rule asks for settle nothing: new queries are taken to be grouped like those there are.</summary>
    private static DifferencePower Needed(IReadOnlyList<DifferenceSpread> spreads, double difference, int queries, int groups)
    {
        var inGroups = groups == 0 ? MatchesOrBeatsRule.MinimumGroups : (int)Math.Ceiling(MatchesOrBeatsRule.MinimumGroups * (double)queries / groups);
        var needed = Math.Max(inGroups, spreads.Max(spread => spread.QueriesNeeded(difference)));
        return new(difference, needed, Math.Max(0, needed - queries), Math.Max(0, MatchesOrBeatsRule.MinimumGroups - groups));
    }
}
