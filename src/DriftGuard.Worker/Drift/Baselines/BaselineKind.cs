namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>Why a baseline was taken.</summary>
public static class BaselineKind
{
    /// <summary>A rollout has cut over, or was rolled back.</summary>
    public const string Cutover = "cutover";

    /// <summary>Somebody asked for it.</summary>
    public const string Requested = "requested";

    /// <summary>The first check of an index under a model found none.</summary>
    public const string FirstCheck = "first_check";

    /// <summary>What a detector says that has nothing to compare with.</summary>
    internal static string NoneYet(string index) =>
        $"there is no baseline under this model yet: one is taken after the first check that finds nothing wrong, or now by 'driftguard drift baseline {index}'";
}
