using DriftGuard.Core.Access;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Who is told of what happens to indexes.</summary>
internal static class NotificationEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/notifications/webhooks", ListAsync).Named("ListWebhooks", "List webhooks, with what waits for them and what they last answered").Requires(Right.View);
        api.MapPost("/notifications/webhooks/test", TestAsync).Named("TestWebhooks", "Send a test message to a webhook, or to all, and say what was answered").Requires(Right.Operate).Acts();
    }

    private static async Task<ApiResult<IReadOnlyList<WebhookView>>> ListAsync(NotificationService notifications, CancellationToken cancellation) => ApiResult.Of(await notifications.ListAsync(cancellation));

    private static async Task<ApiResult<IReadOnlyList<WebhookTest>>> TestAsync(HttpContext context, TestWebhooksRequest? request, NotificationService notifications, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        return ApiResult.Of(await notifications.TestAsync(request?.Webhook, cancellation));
    }
}

/// <summary>A test that is asked for.</summary>
/// <param name="Webhook">The webhook; all unless said.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record TestWebhooksRequest(string? Webhook = null, string? Reason = null);
