using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>Bridges, by which queries of a new model search a collection whose own model is gone.</summary>
public sealed record BridgeOptions
{
    /// <summary>How long a bridge serves at most, 30 days unless set: it is no substitute for the rollout that ends it earlier.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan Longest { get; init; } = TimeSpan.FromDays(30);
}
