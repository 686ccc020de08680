using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>What a set is built from, and how it is read.</summary>
/// <param name="Path">The file or folder.</param>
public sealed record SetSource(string Path)
{
    /// <summary>The split of a BEIR folder that is taken unless another is named.</summary>
    public const string DefaultSplit = "test";

    /// <summary>Its format; found out unless set.</summary>
    public SourceFormat? Format { get; init; }

    /// <summary>The columns of a table.</summary>
    public TableColumns Columns { get; init; } = new();

    /// <summary>What separates several ids in a cell of a table; null where a cell holds one.</summary>
    public string? Separator { get; init; }

    /// <summary>The split of a BEIR folder whose judgements are taken.</summary>
    public string Split { get; init; } = DefaultSplit;

    /// <summary>Whether the documents come along.</summary>
    public bool WithCorpus { get; init; }

    /// <summary>When clicks count.</summary>
    public ClickLabelOptions Clicks { get; init; } = new();
}
