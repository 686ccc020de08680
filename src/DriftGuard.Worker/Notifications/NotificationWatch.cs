using DriftGuard.Core.Notifications;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Notifications;

/// <summary>
/// Finds out what people are to be told, by what the state says now and what they were told before, and leaves it for the webhooks that want it. One process
/// at a time looks; should two, each thing is told once all the same.
/// </summary>
internal sealed partial class NotificationWatch(
    IEnumerable<INotificationSource> sources, StateStore state, DriftGuardOptions options, RolloutLeases leases, NotificationMeters meters, TimeProvider time, ILogger<NotificationWatch> log) : ILoop
{
    /// <summary>Notifications that may wait for a webhook.</summary>
    public const int MostWaiting = 1_000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PruneAgain = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private readonly NotificationsOptions _options = options.Notifications;
    private DateTimeOffset _prunedAt;

    /// <inheritdoc/>
    public string Name => "notifications";

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) => leases.WhileHeldAsync(
        "notifications",
        async held =>
        {
            while (true)
            {
                await LookAsync(held);
                await Task.Delay(LookAgain, time, held);
            }
        },
        failure => LogUnread(log, failure.Message),
        stopping);

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        // Before what is so: what another process tells meanwhile is then told by it alone.
        var told = await state.NotificationsAsync(cancellation);
        var reading = new NotificationReading();
        foreach (var source in sources)
        {
            await ReadAsync(source, reading, cancellation);
        }

        var now = time.GetUtcNow();
        foreach (var tell in NotificationDecider.Decide(reading.Facts, reading.IsUndecided, told, _options.Repeat, now))
        {
            await TellAsync(tell, cancellation);
        }

        if ((now - _prunedAt).Duration() >= PruneAgain)
        {
            await state.PruneNotificationsAsync(now - Kept, [.. _options.Webhooks.Select(webhook => webhook.Name)], cancellation);
            _prunedAt = now;
        }
    }

    /// <summary>What cannot be read of one area keeps nobody from being told of the others.</summary>
    private async Task ReadAsync(INotificationSource source, NotificationReading reading, CancellationToken cancellation)
    {
        try
        {
            await source.ReadAsync(reading, cancellation);
        }
        catch (Exception failure) when (failure is not (StateException or OperationCanceledException))
        {
            reading.CannotTell(source.Area);
            LogAreaUnread(log, source.Area, failure);
        }
    }

    private async Task TellAsync(ToldNotification tell, CancellationToken cancellation)
    {
        List<string> webhooks = [.. _options.Webhooks.Where(webhook => webhook.Wants(tell.Last)).Select(webhook => webhook.Name)];
        if (await state.TellAsync(tell, webhooks, MostWaiting, cancellation) is { } givenUp)
        {
            LogTold(log, tell.Last.Id, tell.Last.Title, tell.Last.State, webhooks.Count);
            foreach (var webhook in givenUp)
            {
                meters.GivenUp.Add(1, NotificationMetrics.GivenUp.TagsOf(webhook));
                LogPushedOut(log, webhook, MostWaiting);
            }
        }
    }

    [LoggerMessage(5114, LogLevel.Warning, "What people are to be told of cannot be read, trying again: {Failure}")]
    private static partial void LogUnread(ILogger log, string failure);

    [LoggerMessage(5115, LogLevel.Error, "What people are to be told of ({Area}) cannot be read, trying again")]
    private static partial void LogAreaUnread(ILogger log, string area, Exception failure);

    [LoggerMessage(5116, LogLevel.Information, "Notification {Notification} ({Title}, {State}) is for {Webhooks} webhooks")]
    private static partial void LogTold(ILogger log, string notification, string title, NotificationState state, int webhooks);

    [LoggerMessage(5117, LogLevel.Error, "The oldest notification for webhook {Webhook} is given up: {Most} wait already")]
    private static partial void LogPushedOut(ILogger log, string webhook, int most);
}
