using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>A threshold that was learned from labelled pairs.</summary>
public sealed record LearnedThreshold
{
    /// <summary>The threshold. Its value is the score of a pair it was learned from.</summary>
    public required Cut Cut { get; init; }

    /// <summary>How it was learned, seed included.</summary>
    public required ThresholdOptions Options { get; init; }

    /// <summary>Where it may as well have come out; null where groups are too few.</summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>Positive pairs that it was learned from.</summary>
    public required int LearnedPositives { get; init; }

    /// <summary>Negative pairs that it was learned from.</summary>
    public required int LearnedNegatives { get; init; }

    /// <summary>Groups among them.</summary>
    public required int LearnedGroups { get; init; }

    /// <summary>Whether <see cref="Figures"/> are of pairs that it was not learned from.</summary>
    public required bool HeldOut { get; init; }

    /// <summary>How it does: on the other half of the pairs, or on those it was learned from where they are too few for two halves.</summary>
    public required CutFigures Figures { get; init; }

    /// <summary>The area under the curve of all pairs, which no threshold decides: .5 for a model that cannot tell them apart.</summary>
    public required double Auc { get; init; }

    /// <summary>Its interval; null where groups are too few.</summary>
    public required BootstrapInterval? AucInterval { get; init; }

    /// <summary>The same threshold slice by slice.</summary>
    public required IReadOnlyList<ThresholdSlice> Slices { get; init; }

    /// <summary>Slices that were left out as the smallest of too many.</summary>
    public required int SlicesLeftOut { get; init; }

    /// <summary>What a reader must know beside the figures.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
