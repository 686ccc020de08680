using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Worker.Security;

/// <summary>
/// Whether a request without a key may be trusted because it comes over the loopback interface. A browser on the machine reaches that too, for any page
/// of the web: so the request must name this machine as its host, which no rebound name does, and must not come from another site's page.
/// </summary>
internal static class LoopbackTrust
{
    /// <summary>Whether an address is reached over the loopback interface alone.</summary>
    public static bool IsLoopback(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback;

    /// <summary>Why a request is not trusted; null where it is.</summary>
    public static string? WhyNot(HttpContext context)
    {
        var request = context.Request;
        if (!IsThisMachine(request.Host.Host))
        {
            return $"it names '{request.Host.Host}' as its host: without a key only localhost, 127.0.0.1 and [::1] are answered";
        }

        if (request.Headers[HeaderNames.Origin] is [{ Length: > 0 } origin] && !IsOwn(origin, request))
        {
            return "it comes from a page of another site";
        }

        // Sent by browsers alone; what a person typed or followed from nowhere says none.
        return request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site"] ? "it comes from a page of another site" : null;
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
