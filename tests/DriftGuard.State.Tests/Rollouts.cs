using DriftGuard.Core.Rollouts;

namespace DriftGuard.State.Tests;

/// <summary>Rollouts to record.</summary>
internal static class Rollouts
{
    /// <summary>One of the index "docs", as it is planned.</summary>
    public static Rollout New(string id) => new()
    {
        Id = id,
        Index = "docs",
        FromModel = "old",
        FromFingerprint = new string('a', 64),
        ToModel = "new",
        ToFingerprint = new string('b', 64),
        Blue = "blue",
        Green = "green",
        CalibrationSet = "set",
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpectedToken = new("docs", 1, "n"),
    };
}
