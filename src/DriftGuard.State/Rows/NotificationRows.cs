using System.ComponentModel.DataAnnotations;

namespace DriftGuard.State.Rows;

/// <summary>What was last told under a key.</summary>
internal sealed class NotificationRow
{
    [Key] public required string Key { get; init; }
    public required int Version { get; set; }
    public required bool Lasts { get; set; }
    public required DateTimeOffset At { get; set; }
    public required string Json { get; set; }
}

/// <summary>A notification on its way to a webhook, or what became of it.</summary>
internal sealed class DeliveryRow
{
    [Key] public long Sequence { get; init; }
    public required string Webhook { get; init; }
    public required string NotificationId { get; init; }

    /// <summary>The key of the notification: of one key they go in their order.</summary>
    public required string Key { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Json { get; init; }
    public int Attempts { get; set; }
    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>Until when whoever tries it has it for itself.</summary>
    public DateTimeOffset? HeldUntil { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public bool Delivered { get; set; }

    /// <summary>What was last answered.</summary>
    public string? Answer { get; set; }
}
