using System.Net.Http.Headers;

namespace DriftGuard.Embedding.Http;

/// <summary>How long a server asks to wait, as seconds or as a date.</summary>
internal static class RetryAfter
{
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        // Azure OpenAI says milliseconds beside it, where seconds would be coarse.
        if (headers.TryGetValues("retry-after-ms", out var values) && uint.TryParse(values.First(), System.Globalization.CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        return headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };
    }
}
