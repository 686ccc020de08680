using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Configuration;

/// <summary>What is logged and how.</summary>
public sealed record LogOptions
{
    /// <summary>The least level that is logged; <c>information</c> unless set.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Whether each log line is one JSON object; plain text unless set.</summary>
    public bool Json { get; init; }
}
