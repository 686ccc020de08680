namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>Why the gateway refuses a request that is as it should be.</summary>
internal static class RefusalReasons
{
    /// <summary>Its client has too many under way.</summary>
    public const string Client = "client";

    /// <summary>Too much is sent at a time.</summary>
    public const string Bytes = "bytes";

    /// <summary>Too many wait already.</summary>
    public const string Queue = "queue";

    /// <summary>Its vector is of another model than the one that serves.</summary>
    public const string OtherModel = "other_model";
}
