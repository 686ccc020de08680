using DriftGuard.Core.Notifications;
using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    private const string PushedOut = "given up: too many others wait for this webhook";

    /// <summary>What was last told, by key.</summary>
    public Task<IReadOnlyDictionary<string, ToldNotification>> NotificationsAsync(CancellationToken cancellation) => RunAsync<IReadOnlyDictionary<string, ToldNotification>>(async context =>
        (await context.Notifications.AsNoTracking().Select(n => n.Json).ToListAsync(cancellation)).Select(StateJson.Read<ToldNotification>).ToDictionary(told => told.Key, StringComparer.Ordinal), cancellation);

    /// <summary>Records what is told under a key and queues it for webhooks, in one transaction; nothing where another process has told something under it meanwhile.</summary>
    /// <param name="told">What is told: the version after the one that was read.</param>
    /// <param name="webhooks">Who is told.</param>
    /// <param name="mostWaiting">Notifications that may wait for a webhook; of more, the oldest are given up.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The webhooks of the notifications that were given up for it; null where nothing was recorded.</returns>
    public Task<IReadOnlyList<string>?> TellAsync(ToldNotification told, IReadOnlyCollection<string> webhooks, int mostWaiting, CancellationToken cancellation) => TransactAsync<IReadOnlyList<string>?>(async context =>
    {
        await Database.HoldAsync(context, $"notification:{told.Key}", shared: false, cancellation);
        var row = await context.Notifications.SingleOrDefaultAsync(n => n.Key == told.Key, cancellation);
        if ((row?.Version ?? 0) != told.Version - 1)
        {
            return null;
        }

        if (row is null)
        {
            context.Notifications.Add(row = new() { Key = told.Key, Version = 0, Lasts = false, At = told.Last.At, Json = "" });
        }

        (row.Version, row.Lasts, row.At, row.Json) = (told.Version, told.Lasts, told.Last.At, StateJson.Write(told));
        var now = time.GetUtcNow();
        var json = StateJson.Write(told.Last);
        context.Deliveries.AddRange(webhooks.Select(webhook => new DeliveryRow { Webhook = webhook, NotificationId = told.Last.Id, Key = told.Key, At = now, Json = json }));
        await context.SaveChangesAsync(cancellation);
        var pushedOut = new List<string>();
        foreach (var webhook in webhooks)
        {
            var waiting = context.Deliveries.Where(d => d.Webhook == webhook && d.DoneAt == null);
            if (await waiting.CountAsync(cancellation) - mostWaiting is > 0 and var tooMany)
            {
                var oldest = await waiting.OrderBy(d => d.Sequence).Take(tooMany).Select(d => d.Sequence).ToListAsync(cancellation);
                await GiveUpAsync(context.Deliveries.Where(d => oldest.Contains(d.Sequence)), now, PushedOut, cancellation);
                pushedOut.AddRange(oldest.Select(_ => webhook));
            }
        }

        return pushedOut;
    }, cancellation);

    /// <summary>
    /// Takes the notification that is next for a webhook, for whoever asks alone: one that was never tried before those that were, longest ago first; of
    /// one key in their order.
    /// </summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="hold">For how long nobody else is given it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The notification, this attempt included; null where none waits.</returns>
    public Task<WaitingDelivery?> TakeDeliveryAsync(string webhook, TimeSpan hold, CancellationToken cancellation) => TransactAsync<WaitingDelivery?>(async context =>
    {
        await Database.HoldAsync(context, $"webhook:{webhook}", shared: false, cancellation);
        var now = time.GetUtcNow();
        var row = await context.Deliveries
            .Where(d => d.Webhook == webhook && d.DoneAt == null && (d.HeldUntil == null || d.HeldUntil <= now)
                && !context.Deliveries.Any(earlier => earlier.Webhook == webhook && earlier.Key == d.Key && earlier.DoneAt == null && earlier.Sequence < d.Sequence))
            .OrderBy(d => d.TriedAt != null).ThenBy(d => d.TriedAt).ThenBy(d => d.Sequence)
            .FirstOrDefaultAsync(cancellation);
        if (row is null)
        {
            return null;
        }

        (row.Attempts, row.TriedAt, row.HeldUntil) = (row.Attempts + 1, now, now + hold);
        await context.SaveChangesAsync(cancellation);
        return new WaitingDelivery(row.Sequence, webhook, StateJson.Read<Notification>(row.Json), row.Attempts, row.At);
    }, cancellation);

    /// <summary>Records what came of an attempt.</summary>
    /// <param name="sequence">The notification in the queue.</param>
    /// <param name="delivered">Whether it was taken.</param>
    /// <param name="done">Whether it is not tried again.</param>
    /// <param name="answer">What was answered; without any secret.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task EndDeliveryAttemptAsync(long sequence, bool delivered, bool done, string answer, CancellationToken cancellation) => RunAsync(async context =>
    {
        var doneAt = done ? time.GetUtcNow() : (DateTimeOffset?)null;
        return await context.Deliveries.Where(d => d.Sequence == sequence && d.DoneAt == null).ExecuteUpdateAsync(
            d => d.SetProperty(row => row.HeldUntil, (DateTimeOffset?)null).SetProperty(row => row.DoneAt, doneAt).SetProperty(row => row.Delivered, delivered).SetProperty(row => row.Answer, answer), cancellation);
    }, cancellation);

    /// <summary>How deliveries to each webhook go that ever had one.</summary>
    public Task<IReadOnlyList<WebhookStanding>> WebhookStandingsAsync(CancellationToken cancellation) => RunAsync<IReadOnlyList<WebhookStanding>>(async context =>
    {
        var waiting = await context.Deliveries.AsNoTracking().GroupBy(d => d.Webhook)
            .Select(g => new { Webhook = g.Key, Waiting = g.Count(d => d.DoneAt == null), LastAt = g.Max(d => d.TriedAt) }).ToListAsync(cancellation);
        var standings = new List<WebhookStanding>();
        foreach (var webhook in waiting)
        {
            var last = await context.Deliveries.AsNoTracking().Where(d => d.Webhook == webhook.Webhook && d.TriedAt != null && d.TriedAt == webhook.LastAt)
                .OrderByDescending(d => d.Sequence).Select(d => new { d.Delivered, d.Answer }).FirstOrDefaultAsync(cancellation);
            standings.Add(new(webhook.Webhook, webhook.Waiting, webhook.LastAt, last?.Delivered ?? false, last?.Answer));
        }

        return standings;
    }, cancellation);

    /// <summary>How many notifications wait for a webhook.</summary>
    public Task<int> CountDeliveriesAsync(string webhook, CancellationToken cancellation) =>
        RunAsync(context => context.Deliveries.CountAsync(d => d.Webhook == webhook && d.DoneAt == null, cancellation), cancellation);

    /// <summary>Deletes what was told and what was delivered, where it is older and nothing of it lasts or waits; also what waits for webhooks that are no more.</summary>
    /// <param name="before">What is older goes.</param>
    /// <param name="webhooks">The webhooks there are.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task PruneNotificationsAsync(DateTimeOffset before, IReadOnlyCollection<string> webhooks, CancellationToken cancellation) => TransactAsync(async context =>
        await context.Deliveries.Where(d => (d.DoneAt != null && d.DoneAt < before) || (d.DoneAt == null && d.At < before && !webhooks.Contains(d.Webhook))).ExecuteDeleteAsync(cancellation)
        + await context.Notifications.Where(n => !n.Lasts && n.At < before).ExecuteDeleteAsync(cancellation), cancellation);

    private static Task<int> GiveUpAsync(IQueryable<DeliveryRow> which, DateTimeOffset now, string why, CancellationToken cancellation) =>
        which.ExecuteUpdateAsync(d => d.SetProperty(row => row.DoneAt, now).SetProperty(row => row.Answer, why), cancellation);
}
