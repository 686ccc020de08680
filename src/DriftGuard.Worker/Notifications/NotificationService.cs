using DriftGuard.Core.Notifications;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Notifications;

/// <summary>A webhook and how it goes; nothing of it is secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">What it takes.</param>
/// <param name="MinimumSeverity">What asks less of its reader is not sent.</param>
/// <param name="Events">What is sent; everything where empty.</param>
/// <param name="Indexes">The indexes that it is told of; all where empty.</param>
/// <param name="Waiting">Notifications that wait for it.</param>
/// <param name="LastAt">When it was last tried; null where it never was.</param>
/// <param name="LastDelivered">Whether it took what it was then sent.</param>
/// <param name="LastAnswer">What it answered.</param>
public sealed record WebhookView(
    string Name, WebhookFormat Format, NotificationSeverity MinimumSeverity, IReadOnlyList<NotificationKind> Events, IReadOnlyList<string> Indexes, int Waiting,
    DateTimeOffset? LastAt, bool LastDelivered, string? LastAnswer);

/// <summary>What became of a test.</summary>
/// <param name="Name">The webhook.</param>
/// <param name="Delivered">Whether it took the message.</param>
/// <param name="Answer">What it answered.</param>
public sealed record WebhookTest(string Name, bool Delivered, string Answer);

/// <summary>Shows webhooks and tries them.</summary>
public sealed class NotificationService
{
    private readonly NotificationsOptions options;
    private readonly StateStore state;
    private readonly WebhookClient client;
    private readonly TimeProvider time;

    internal NotificationService(DriftGuardOptions options, StateStore state, WebhookClient client, TimeProvider time) =>
        (this.options, this.state, this.client, this.time) = (options.Notifications, state, client, time);

    /// <summary>The webhooks, in their order.</summary>
    public async Task<IReadOnlyList<WebhookView>> ListAsync(CancellationToken cancellation)
    {
        var standings = (await state.WebhookStandingsAsync(cancellation)).ToDictionary(standing => standing.Webhook, StringComparer.Ordinal);
        return [.. options.Webhooks.Select(webhook => (Webhook: webhook, Standing: standings.GetValueOrDefault(webhook.Name))).Select(one => new WebhookView(
            one.Webhook.Name, one.Webhook.Format, one.Webhook.MinimumSeverity, one.Webhook.Events, one.Webhook.Indexes, one.Standing?.Waiting ?? 0, one.Standing?.LastAt, one.Standing?.LastDelivered ?? false, one.Standing?.LastAnswer))];
    }

    /// <summary>Sends a message that says that it is a test, once, whatever a webhook wants to be told of.</summary>
    /// <param name="name">The webhook; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such webhook, or none at all.</exception>
    public async Task<IReadOnlyList<WebhookTest>> TestAsync(string? name, CancellationToken cancellation)
    {
        if (options.Webhooks.Count == 0)
        {
            throw new OperatorException(OperatorError.Invalid, "no webhook is configured: set notifications.webhooks");
        }

        List<WebhookOptions> webhooks = [.. options.Webhooks.Where(webhook => name is null || webhook.Name == name)];
        if (webhooks.Count == 0)
        {
            throw new OperatorException(OperatorError.NotFound, $"there is no webhook '{name}'; there are {string.Join(", ", options.Webhooks.Select(webhook => webhook.Name))}");
        }

        return await Task.WhenAll(webhooks.Select(async webhook =>
        {
            var answer = await client.SendAsync(webhook, Message(), cancellation);
            return new WebhookTest(webhook.Name, answer.Delivered, answer.Said);
        }));
    }

    private Notification Message()
    {
        var now = time.GetUtcNow();
        return new()
        {
            Id = $"test/{Guid.NewGuid():n}",
            Kind = NotificationKind.Test,
            State = NotificationState.Happened,
            Severity = NotificationSeverity.Info,
            Subject = "test",
            Title = "DriftGuard can reach this webhook",
            Text = "Somebody tried it with 'driftguard notify test'. Nothing happened.",
            At = now,
            Since = now,
        };
    }
}
