using Microsoft.Extensions.Logging;

namespace DriftGuard.Qdrant.Connection;

internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "{Subject} failed ({Cause}); attempt {Attempt} follows in {Delay}")]
    public static partial void Repeating(ILogger logger, string? subject, string cause, int attempt, TimeSpan delay);

    [LoggerMessage(2001, LogLevel.Information, "Qdrant at {Address} refused the API key; the key file holds another one, which is used from now on")]
    public static partial void KeyReloaded(ILogger logger, Uri address);
}
