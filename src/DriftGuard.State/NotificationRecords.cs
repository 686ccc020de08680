using DriftGuard.Core.Notifications;

namespace DriftGuard.State;

/// <summary>A notification that waits for a webhook to take it.</summary>
/// <param name="Sequence">Position in the queue.</param>
/// <param name="Webhook">The webhook.</param>
/// <param name="Notification">The notification.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="At">Since when it waits.</param>
public sealed record WaitingDelivery(long Sequence, string Webhook, Notification Notification, int Attempts, DateTimeOffset At);

/// <summary>How deliveries to a webhook go.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Waiting">Notifications that wait for it.</param>
/// <param name="LastAt">When it was last tried; null where it never was.</param>
/// <param name="LastDelivered">Whether it took what it was then sent.</param>
/// <param name="LastAnswer">What it answered.</param>
public sealed record WebhookStanding(string Webhook, int Waiting, DateTimeOffset? LastAt, bool LastDelivered, string? LastAnswer);
