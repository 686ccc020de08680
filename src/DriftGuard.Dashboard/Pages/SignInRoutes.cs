using DriftGuard.Dashboard.Access;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Hosting;
using DriftGuard.Dashboard.Parts;
using DriftGuard.Worker.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Dashboard.Pages;

/// <summary>Signing in with an API key, and out.</summary>
internal static class SignInRoutes
{
    private const int FormBytes = 16 * 1024;
    private const int LongestKey = 4096;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/sign-in", (HttpContext context) => PageOf(context, context.Request.Query["to"], null));
        pages.MapPost("/sign-in", (Delegate)SignInAsync);
        pages.MapPost("/sign-out", (HttpContext context) =>
        {
            if (!OwnPages.Sent(context.Request))
            {
                return PageFailures.PageOf(context, StatusCodes.Status403Forbidden, "This form was not sent by a page of this server.");
            }

            SignedInKey.Forget(context);
            return (IResult)Results.Redirect($"{DashboardHost.Root}/sign-in");
        });
    }

    /// <summary>Where somebody signs in who wanted to see a page.</summary>
    public static string AddressFor(HttpRequest request) => $"{DashboardHost.Root}/sign-in?to={Uri.EscapeDataString(request.Path)}";

    private static async Task<IResult> SignInAsync(HttpContext context)
    {
        if (!OwnPages.Sent(context.Request))
        {
            return PageFailures.PageOf(context, StatusCodes.Status403Forbidden, "This form was not sent by a page of this server.");
        }

        var form = await ActForm.ReadAsync(context, FormBytes);
        var (key, to) = (form["key"].ToString().Trim(), form["to"].ToString());
        if (key.Length is 0 or > LongestKey || key.Any(char.IsWhiteSpace) || !key.All(char.IsAscii))
        {
            return PageOf(context, to, "Enter an API key, such as 'driftguard key create' shows it once.", StatusCodes.Status400BadRequest);
        }

        context.Request.Headers.Authorization = $"Bearer {key}";
        var caller = await PageApi.Of(context).GetAsync<CallerView>($"caller");
        if (!caller.IsKnown)
        {
            return PageOf(context, to, "No API key opens with this: it is not known, was revoked, or has expired.", StatusCodes.Status401Unauthorized);
        }

        SignedInKey.Keep(context, key);
        return Results.Redirect(IsOwn(to) ? to : DashboardHost.Root);
    }

    /// <summary>Never to another site, whatever the address of the form says.</summary>
    private static bool IsOwn(string address) =>
        (address == DashboardHost.Root || address.StartsWith($"{DashboardHost.Root}/", StringComparison.Ordinal)) && !address.Contains("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal);

    private static RazorComponentResult<SignInPage> PageOf(HttpContext context, string? to, string? problem, int status = StatusCodes.Status200OK) => new(new
    {
        Frame = Frame.Plain(context),
        To = to ?? DashboardHost.Root,
        Problem = problem,
    })
    {
        StatusCode = status,
    };
}
