using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Dashboard.Access;

/// <summary>Forms are taken from our own pages alone: a browser says from where it sends one, and no page of another site can make it say otherwise.</summary>
internal static class OwnPages
{
    /// <summary>Whether a form was sent by one of our pages.</summary>
    public static bool Sent(HttpRequest request) =>
        request.Headers[HeaderNames.Origin] is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) && request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"] or ["none"];
}
