using System.Runtime.InteropServices;

namespace DriftGuard.Core.Statistics.Thresholds;

/// <summary>Which scores a threshold accepts.</summary>
public enum CutRule
{
    /// <summary>Those above it.</summary>
    Above,

    /// <summary>Those above it, and those that equal it.</summary>
    AtOrAbove,
}

/// <summary>A threshold on scores of which larger ones mean more alike.</summary>
/// <param name="Value">The threshold, in the unit of the scores.</param>
/// <param name="Rule">Whether it accepts itself.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Cut(double Value, CutRule Rule)
{
    /// <summary>Whether a score is accepted.</summary>
    public bool Accepts(double score) => Rule == CutRule.AtOrAbove ? score >= Value : score > Value;
}
