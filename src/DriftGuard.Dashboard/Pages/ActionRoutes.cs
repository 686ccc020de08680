using System.Globalization;
using DriftGuard.Dashboard.Access;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Hosting;
using DriftGuard.Dashboard.Parts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Dashboard.Pages;

/// <summary>What can be done on pages: each a form, which the API is asked to do as any client asks it.</summary>
internal static class ActionRoutes
{
    private const int FormBytes = 64 * 1024;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost("/rollouts/{rollout}/{act}", (HttpContext context, string rollout, string act) => ActAsync(context, $"rollouts/{rollout}", async (api, form) =>
        {
            if (act == "throttle")
            {
                await api.PostAsync($"rollouts/{rollout}/throttle", new { limits = LimitsOf(form), reason = Reason(form) }, form["key"]);
                return "The limits are changed.";
            }

            if (RolloutActs.Find(act) is not { } known)
            {
                throw new ApiRefusedException(StatusCodes.Status404NotFound, "There is no such action.");
            }

            await api.PostAsync($"rollouts/{rollout}/{act}", new { reason = Reason(form) }, form["key"]);
            return known.Done;
        }));
        pages.MapPost("/indexes/{index}/drift/checks", (HttpContext context, string index) => ActAsync(context, $"indexes/{index}", async (api, form) =>
        {
            await api.PostAsync($"indexes/{index}/drift/checks", new { reason = Reason(form) }, form["key"]);
            return "The check is done.";
        }));
        pages.MapPost("/indexes/{index}/drift/baselines", (HttpContext context, string index) => ActAsync(context, $"indexes/{index}", async (api, form) =>
        {
            await api.PostAsync($"indexes/{index}/drift/baselines", new { reason = Reason(form) }, form["key"]);
            return "The baseline is taken: later checks compare with it.";
        }));
        pages.MapPost("/indexes/{index}/evaluations", (HttpContext context, string index) => ActAsync(context, $"indexes/{index}", async (api, form) =>
        {
            await api.PostAsync($"indexes/{index}/evaluations", new { reason = Reason(form) }, form["key"]);
            return "The calibration set is scored.";
        }));
        pages.MapPost("/indexes/{index}/rollouts", (HttpContext context, string index) => ActAsync(context, $"indexes/{index}", async (api, form) =>
        {
            var started = await api.PostAsync(
                $"indexes/{index}/rollouts", new { to = form["to"].ToString(), preflight = form["preflight"] == "on", approved = form["approved"] == "on", reason = Reason(form) }, form["key"]);
            return $"Rollout {started.GetProperty("rollout").GetProperty("id").GetString()} is started.";
        }));
    }

    private static async Task<IResult> ActAsync(HttpContext context, string page, Func<PageApi, IFormCollection, Task<string>> act)
    {
        if (!OwnPages.Sent(context.Request))
        {
            throw new ApiRefusedException(StatusCodes.Status403Forbidden, "This form was not sent by a page of this server.");
        }

        var form = await ActForm.ReadAsync(context, FormBytes);
        var said = await act(PageApi.Of(context), form);
        return Results.Redirect(Frame.Saying($"{DashboardHost.Root}/{string.Join('/', page.Split('/').Select(Uri.EscapeDataString))}", said));
    }

    private static string? Reason(IFormCollection form) => form["reason"].ToString() is { Length: > 0 } reason ? reason : null;

    /// <summary>A field that is left empty is no limit; one that is no number is the API's to refuse.</summary>
    private static Dictionary<string, object?> LimitsOf(IFormCollection form) => form.Where(field => field.Key.StartsWith("limit-", StringComparison.Ordinal)).ToDictionary(
        field => field.Key["limit-".Length..],
        field => field.Value.ToString() is not { Length: > 0 } text ? null : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit) ? limit : (object)text,
        StringComparer.Ordinal);
}
