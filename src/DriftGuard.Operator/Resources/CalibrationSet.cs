namespace DriftGuard.Operator.Resources;

/// <summary>A calibration set that indexes may name.</summary>
internal sealed record CalibrationSet : Resource<CalibrationSetSpec, CalibrationSetStatus>
{
    /// <summary>Its name in the installation.</summary>
    public string SetName => Spec.Name ?? Metadata.Name;
}

/// <summary>What is declared of a calibration set.</summary>
internal sealed record CalibrationSetSpec
{
    /// <summary>Its name in the installation; that of the resource unless set.</summary>
    public string? Name { get; init; }
}

/// <summary>What was observed of a calibration set.</summary>
internal sealed record CalibrationSetStatus : ResourceStatus
{
    /// <summary>Its name in the installation.</summary>
    public string? Name { get; init; }

    /// <summary>Labelled queries.</summary>
    public int? Queries { get; init; }

    /// <summary>Groups of queries that share relevant documents.</summary>
    public int? Groups { get; init; }

    /// <summary>Documents that come with it.</summary>
    public int? Documents { get; init; }

    /// <summary>Labelled pairs.</summary>
    public int? Pairs { get; init; }

    /// <summary>What is not wrong enough to refuse it; the first few.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
