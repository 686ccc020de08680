using System.Net.Http.Headers;

namespace DriftGuard.Embedding.Http;

/// <summary>How long a server asks to wait, as seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>The wait; <see langword="null"/> where none is asked for, nor one of no length: then the usual waits are right.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) => Stated(headers, now) is { } wait && wait > TimeSpan.Zero ? wait : null;

    private static TimeSpan? Stated(HttpResponseHeaders headers, DateTimeOffset now)
    {
        // Azure OpenAI says milliseconds beside it, where seconds would be coarse.
        if (headers.TryGetValues("retry-after-ms", out var values) && uint.TryParse(values.First(), System.Globalization.CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        return headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };
    }
}
