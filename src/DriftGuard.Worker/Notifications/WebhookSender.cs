using System.Diagnostics.Metrics;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DriftGuard.Worker.Notifications;

/// <summary>
/// Sends what waits for one webhook, in one process at a time. What is not taken stays in the queue and is tried again, later and later or when the webhook
/// asks for it, and after others that wait: for a day, across restarts.
/// </summary>
internal sealed partial class WebhookSender : ILoop
{
    // What waits, where another process sends.
    private const int Unknown = -1;

    /// <summary>For so long a notification is tried.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    // Longer than an attempt takes: whoever has one in hand that ended in the middle of it loses it after this.
    private static readonly TimeSpan Hold = WebhookClient.Patience * 6;

    private readonly WebhookOptions webhook;
    private readonly StateStore state;
    private readonly WebhookClient client;
    private readonly RolloutLeases leases;
    private readonly TimeProvider time;
    private readonly ILogger<WebhookSender> log;
    private readonly Counter<long> sent, failed, givenUp;
    private readonly ResiliencePipeline<Attempt> _attempts;
    private int _pending = Unknown;
    private bool _fails;

    public WebhookSender(WebhookOptions webhook, StateStore state, WebhookClient client, RolloutLeases leases, NotificationMeters meters, TimeProvider time, ILogger<WebhookSender> log)
    {
        (this.webhook, this.state, this.client, this.leases, this.time, this.log) = (webhook, state, client, leases, time, log);
        (sent, failed, givenUp) = (meters.Sent, meters.Failed, meters.GivenUp);
        meters.PendingOf(webhook.Name, () => _pending);
        _attempts = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Result is { Failed: true }),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstBackoff,
                MaxDelay = LongestBackoff,
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result?.RetryAfter is { } asked ? asked < LongestRetryAfter ? asked : LongestRetryAfter : (TimeSpan?)null),
            })
            .Build();
    }

    /// <inheritdoc/>
    public string Name => $"webhook_{webhook.Name}";

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken stopping) =>
        leases.WhileHeldAsync($"webhook:{webhook.Name}", SendAsync, failure => LogUnread(log, webhook.Name, failure.Message), stopping);

    /// <summary>Sends whatever waits, until there is nothing that may be sent now.</summary>
    internal async Task SendAllAsync(CancellationToken cancellation)
    {
        while ((await _attempts.ExecuteAsync(async token => await TryNextAsync(token), cancellation)).Any)
        {
            // One after the other.
        }
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await SendAllAsync(cancellation);
                await Task.Delay(LookAgain, time, cancellation);
            }
        }
        finally
        {
            _pending = Unknown;
        }
    }

    private async Task<Attempt> TryNextAsync(CancellationToken cancellation)
    {
        if (await state.TakeDeliveryAsync(webhook.Name, Hold, cancellation) is not { } next)
        {
            _pending = await state.CountDeliveriesAsync(webhook.Name, cancellation);
            return new(Any: false, Failed: false, null);
        }

        var answer = await client.SendAsync(webhook, next.Notification, cancellation);
        var done = answer.Delivered || answer.Final || time.GetUtcNow() - next.At >= Longest;
        await state.EndDeliveryAttemptAsync(next.Sequence, answer.Delivered, done, answer.Said, cancellation);
        Tell(next, answer, done);
        _pending = await state.CountDeliveriesAsync(webhook.Name, cancellation);
        return new(Any: true, Failed: !done, answer.RetryAfter);
    }

    private void Tell(WaitingDelivery delivery, WebhookAnswer answer, bool done)
    {
        var tag = NotificationMetrics.Sent.TagsOf(webhook.Name);
        if (answer.Delivered)
        {
            sent.Add(1, tag);
            if (_fails)
            {
                LogRecovered(log, webhook.Name);
            }

            _fails = false;
            return;
        }

        failed.Add(1, tag);
        if (done)
        {
            givenUp.Add(1, tag);
            LogGivenUp(log, delivery.Notification.Id, webhook.Name, delivery.Attempts, answer.Said);
        }
        else if (!_fails)
        {
            // Once: 'notify list' shows what was last answered.
            LogFails(log, webhook.Name, delivery.Notification.Id, answer.Said);
            _fails = true;
        }
    }

    /// <summary>What became of an attempt.</summary>
    /// <param name="Any">There was something to send.</param>
    /// <param name="Failed">It was not taken, and stays in the queue.</param>
    /// <param name="RetryAfter">How long the webhook asks to wait.</param>
    private sealed record Attempt(bool Any, bool Failed, TimeSpan? RetryAfter);

    [LoggerMessage(5110, LogLevel.Warning, "Webhook {Webhook} does not take {Notification}, which is tried again, with what comes after it, for a day: {Answer}")]
    private static partial void LogFails(ILogger log, string webhook, string notification, string answer);

    [LoggerMessage(5111, LogLevel.Error, "Notification {Notification} is given up for webhook {Webhook} after {Attempts} attempts: {Answer}")]
    private static partial void LogGivenUp(ILogger log, string notification, string webhook, int attempts, string answer);

    [LoggerMessage(5112, LogLevel.Information, "Webhook {Webhook} takes notifications again")]
    private static partial void LogRecovered(ILogger log, string webhook);

    [LoggerMessage(5113, LogLevel.Warning, "What waits for webhook {Webhook} cannot be read, trying again: {Failure}")]
    private static partial void LogUnread(ILogger log, string webhook, string failure);
}
