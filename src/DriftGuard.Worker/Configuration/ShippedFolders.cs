namespace DriftGuard.Worker.Configuration;

/// <summary>What comes with DriftGuard, beside its binaries.</summary>
internal static class ShippedFolders
{
    public static string Models => Path.Join(AppContext.BaseDirectory, "models");

    public static string CalibrationSets => Path.Join(AppContext.BaseDirectory, "calibration-sets");
}
