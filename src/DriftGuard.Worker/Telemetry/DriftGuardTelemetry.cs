using System.Diagnostics;

namespace DriftGuard.Worker.Telemetry;

/// <summary>The one source of spans and the one meter, by one name.</summary>
internal static class DriftGuardTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "DriftGuard";

    /// <summary>The source of all spans.</summary>
    public static ActivitySource Source { get; } = new(Name);
}
