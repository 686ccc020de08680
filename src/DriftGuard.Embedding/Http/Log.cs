using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Http;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "{Address}: {Reason} Attempt {Attempt} follows in {Delay}")]
    public static partial void Repeating(ILogger logger, string address, string reason, int attempt, TimeSpan delay);

    [LoggerMessage(1001, LogLevel.Warning, "{Address} fails again and again; it is left alone for {Duration}")]
    public static partial void CircuitOpened(ILogger logger, string address, TimeSpan duration);

    [LoggerMessage(1002, LogLevel.Warning, "{Address} refused {Texts} texts at once, which are sent in halves: {Reason} If this comes often, lower endpoint.max_texts_per_request or endpoint.max_tokens_per_request")]
    public static partial void Halved(ILogger logger, string address, int texts, string reason);

    [LoggerMessage(1003, LogLevel.Information, "{Address} answers as model {Model}, system fingerprint '{SystemFingerprint}'")]
    public static partial void IdentitySeen(ILogger logger, string address, string model, string systemFingerprint);

    [LoggerMessage(1004, LogLevel.Warning, "{Address} answers as model {Model} with system fingerprint '{SystemFingerprint}', before with '{Before}': its vectors may have changed")]
    public static partial void SystemChanged(ILogger logger, string address, string model, string systemFingerprint, string before);

    [LoggerMessage(1005, LogLevel.Information, "{Address} refused the API key; {Source} holds another one, which is used from now on")]
    public static partial void KeyReloaded(ILogger logger, string address, string source);
}
