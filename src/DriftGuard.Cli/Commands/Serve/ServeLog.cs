using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Commands.Serve;

/// <summary>What <c>serve</c> says about itself.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(EventId = 6000, Level = LogLevel.Information, Message = "Serving on {Addresses}, data in {DataDirectory}, {Kind} Qdrant at {Qdrant}")]
    public static partial void Serving(ILogger logger, IEnumerable<string> addresses, string dataDirectory, string qdrant, string kind);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Information, Message = "Asked to stop: not ready any more, and still answering for those who have not noticed")]
    public static partial void Draining(ILogger logger);

    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "Stopping: work in hand is brought to an end")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Information, Message = "Stopped")]
    public static partial void Stopped(ILogger logger);
}
