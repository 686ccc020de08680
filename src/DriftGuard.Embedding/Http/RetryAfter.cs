using System.Net.Http.Headers;

namespace DriftGuard.Embedding.Http;

/// <summary>How long a server asks to wait, as seconds or as a date.</summary>
public static class RetryAfter
{
    /// <summary>The wait; <see langword="null"/> where none is asked for, nor one of no length: then the usual waits are right.</summary>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now) => OfSomeLength(Milliseconds(headers) ?? Standard(headers, now));

    /// <summary>The standard header alone, as it stands: it may be 0, or a date that is over.</summary>
    public static TimeSpan? Standard(HttpResponseHeaders headers, DateTimeOffset now) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };

    /// <summary>A wait that is one; what is over is no wish to be asked again at once.</summary>
    public static TimeSpan? OfSomeLength(TimeSpan? wait) => wait > TimeSpan.Zero ? wait : null;

    // Azure OpenAI says milliseconds beside it, where seconds would be coarse.
    private static TimeSpan? Milliseconds(HttpResponseHeaders headers) =>
        headers.TryGetValues("retry-after-ms", out var values) && uint.TryParse(values.First(), System.Globalization.CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
}
