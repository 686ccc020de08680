namespace DriftGuard.Worker.Gateway.Traffic;

/// <summary>The minutes by which gateways count.</summary>
internal static class TrafficMinute
{
    /// <summary>When the minute of a time began, in UTC.</summary>
    public static DateTimeOffset Of(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
