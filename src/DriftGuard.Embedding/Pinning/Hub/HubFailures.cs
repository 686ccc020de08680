using System.Net;
using System.Text.RegularExpressions;
using DriftGuard.Embedding.Http;

namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>A failure that may pass: the request is worth another try.</summary>
/// <param name="message">For people, should every try fail.</param>
/// <param name="wait">How long the hub asks to wait.</param>
/// <param name="innerException">What the system said.</param>
internal sealed class PassingHubException(string message, TimeSpan? wait = null, Exception? innerException = null) : Exception(message, innerException)
{
    public TimeSpan? Wait { get; } = wait;
}

/// <summary>Says what an answer of a hub means to the person who asked.</summary>
internal static partial class HubFailures
{
    /// <summary>The error for an answer that is none of success, redirect and range.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What was asked for, e.g. <c>owner/name/model.onnx at 1234abcd</c>.</param>
    /// <param name="repository"><c>owner/name</c>.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="withToken">Whether a token was sent.</param>
    /// <param name="now">The time, for waits until a date.</param>
    public static Exception Of(HttpResponseMessage response, string what, string repository, HubOptions hub, bool withToken, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var host = response.RequestMessage?.RequestUri?.Authority ?? hub.Address.Authority;
        var page = $"{hub.Address.GetLeftPart(UriPartial.Authority)}/{repository}";
        return (response.StatusCode, Code(response)) switch
        {
            (HttpStatusCode.TooManyRequests, _) => new PassingHubException(
                $"{host} is asked too often (429){(withToken ? "" : "; a token (models.hubTokenFile, or HF_TOKEN) raises the limit")}. Try again later.", AskedWait(response, now)),
            _ when status is 408 or >= 500 =>
                new PassingHubException($"{host} cannot answer for {what} ({status}). Try again later.", AskedWait(response, now)),
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) when response.RequestMessage?.RequestUri is { } address && !hub.Is(address) =>
                new PinningException(PinningFailure.Refused, $"the file server at {host}, to which {hub.Address.Authority} redirects, refused {what} ({status}); no token goes there, so another one does not help. "
                    + "Does a proxy or firewall block that host? Otherwise try again later: links to files expire."),
            (_, "GatedRepo") or (HttpStatusCode.Forbidden, _) => new PinningException(PinningFailure.Refused, withToken
                ? $"{host} refuses {what} ({status}): the token may not read it. Accept the terms at {page} with the account of the token, or use another token."
                : $"{host} refuses {what} ({status}): it is private, or its terms have to be accepted at {page}. Then set models.hubTokenFile or HF_TOKEN."),
            (HttpStatusCode.Unauthorized, _) => new PinningException(withToken ? PinningFailure.Refused : PinningFailure.NotFound, withToken
                ? $"{host} refuses the token for {what} (401): it is not valid, or may not read it. Look at models.hubTokenFile or HF_TOKEN."
                : $"{host} has no {what} for everybody (401): there is no such repository, or it is private. Look at {page}; for a private one set models.hubTokenFile or HF_TOKEN."),
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, "EntryNotFound") => new PinningException(PinningFailure.NotFound, $"{host} has no file {what} (404). Look at {page}."),
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, "RevisionNotFound") => new PinningException(PinningFailure.NotFound, $"{host} has no such revision of the repository: {what} (404). Look at {page}."),
            (HttpStatusCode.NotFound or HttpStatusCode.Gone, _) => new PinningException(PinningFailure.NotFound, $"{host} has no {what} (404). Look at {page}."),
            _ => new PinningException(PinningFailure.Unavailable, $"{host} answered {status} for {what}; expected the file. Is models.hub the address of a hub?"),
        };
    }

    // As Hugging Face's own clients read it.
    private static string? Code(HttpResponseMessage response) => Header(response, "X-Error-Code");

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Retry-After, or the reset of the rate limit that Hugging Face states: <c>ratelimit: "api";r=0;t=55</c>.</summary>
    private static TimeSpan? AskedWait(HttpResponseMessage response, DateTimeOffset now) =>
        RetryAfter.OfSomeLength(RetryAfter.Standard(response.Headers, now) ?? RateLimitReset(response));

    private static TimeSpan? RateLimitReset(HttpResponseMessage response) =>
        Header(response, "RateLimit") is { } limit && Reset().Match(limit) is { Success: true } reset
            ? TimeSpan.FromSeconds(int.Parse(reset.ValueSpan, System.Globalization.CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"(?<=;\s*t=)\d{1,6}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reset();
}
