using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Telemetry.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DriftGuard.Worker.Notifications;

/// <summary>Puts together what tells people of what happens.</summary>
public static class NotificationServices
{
    /// <summary>Tells those who are configured, for as long as the host runs. A slow webhook holds up itself alone.</summary>
    public static IServiceCollection AddNotificationLoops(this IServiceCollection services, NotificationsOptions options)
    {
        if (options.Webhooks.Count == 0)
        {
            return services;
        }

        services.TryAddSingleton<OverdueChecks>();
        services.AddSingleton<NotificationMeters>()
            .AddSingleton<INotificationSource, DriftNotifications>()
            .AddSingleton<INotificationSource, ScheduleNotifications>()
            .AddSingleton<INotificationSource, BridgeNotifications>()
            .AddSingleton<INotificationSource, RolloutNotifications>()
            .AddLoop<NotificationWatch>();
        foreach (var webhook in options.Webhooks)
        {
            services.AddLoop(s => ActivatorUtilities.CreateInstance<WebhookSender>(s, webhook));
        }

        return services;
    }

    internal static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton<WebhookClient>()
        .AddSingleton(s => new NotificationService(s.GetRequiredService<DriftGuardOptions>(), s.GetRequiredService<StateStore>(), s.GetRequiredService<WebhookClient>(), s.GetRequiredService<TimeProvider>()));
}
