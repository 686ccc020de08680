using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Dashboard.Access;

/// <summary>
/// The API key with which somebody signed in: a cookie that no script reads, that goes to pages alone and never along with a request of another site, and that ends
/// with the browser. The API itself takes no cookie.
/// </summary>
internal static class SignedInKey
{
    private const string Cookie = "driftguard-key";

    /// <summary>Gives a request of a page the rights of who signed in, unless it says itself who sends it.</summary>
    public static void Apply(HttpContext context)
    {
        if (!context.Request.Headers.ContainsKey(HeaderNames.Authorization) && context.Request.Cookies[Cookie] is { Length: > 0 } key)
        {
            context.Request.Headers.Authorization = $"Bearer {key}";
        }
    }

    /// <summary>Whether somebody signed in.</summary>
    public static bool IsThere(HttpContext context) => context.Request.Cookies.ContainsKey(Cookie);

    /// <summary>Signs in.</summary>
    public static void Keep(HttpContext context, string key) => context.Response.Cookies.Append(Cookie, key, Options(context));

    /// <summary>Signs out.</summary>
    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options(context));

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
        Path = "/ui",
    };
}
