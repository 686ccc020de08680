namespace DriftGuard.Worker.Configuration;

/// <summary>Where calibration sets are found.</summary>
public sealed record CalibrationSetsOptions
{
    /// <summary>Folders whose subfolders are calibration sets, searched in this order, before those that come with DriftGuard.</summary>
    [PathSetting]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Every folder that is searched for sets, in order: <see cref="Roots"/>, then the sets that come with DriftGuard.</summary>
    public IReadOnlyList<string> SearchPath => [.. Roots, ShippedFolders.CalibrationSets];
}
