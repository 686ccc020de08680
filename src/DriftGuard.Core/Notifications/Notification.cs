namespace DriftGuard.Core.Notifications;

/// <summary>Why people are told.</summary>
public enum NotificationState
{
    /// <summary>Something happened, once.</summary>
    Happened,

    /// <summary>Something begins that lasts.</summary>
    Raised,

    /// <summary>It still lasts.</summary>
    Repeated,

    /// <summary>It is over.</summary>
    Resolved,
}

/// <summary>A figure beside a message.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The same for people.</param>
public sealed record NotificationFigure(string Name, string Value);

/// <summary>Something that is so, or has happened, as the state of the installation says.</summary>
/// <param name="Key">What it is about: one at a time is told of under a key.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Index">The index.</param>
/// <param name="Subject">What of the index: a rollout, a report, a bridge or a schedule.</param>
/// <param name="Title">In a line, without a full stop.</param>
/// <param name="Text">In a few sentences.</param>
/// <param name="At">Since when, or when.</param>
public sealed record NotificationFact(string Key, NotificationKind Kind, string Index, string Subject, string Title, string Text, DateTimeOffset At)
{
    /// <summary>Whether it lasts until it is no fact any more; otherwise it happened once.</summary>
    public bool Lasts { get; init; } = true;

    /// <summary>What to do; null for nothing.</summary>
    public string? WhatToDo { get; init; }

    /// <summary>Figures.</summary>
    public IReadOnlyList<NotificationFigure> Figures { get; init; } = [];

    /// <summary>Whose answers it stands on, such as a detector's on an index: while one of them cannot tell, it is not over.</summary>
    public IReadOnlyList<string> Witnesses { get; init; } = [];
}

/// <summary>What people are told.</summary>
public sealed record Notification
{
    /// <summary>Identity: no two have the same, and the same is told once.</summary>
    public required string Id { get; init; }

    /// <summary>What happened.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>Why people are told.</summary>
    public required NotificationState State { get; init; }

    /// <summary>How much it asks of its reader; of what is over, how much it asked.</summary>
    public required NotificationSeverity Severity { get; init; }

    /// <summary>The index; null where it is about none.</summary>
    public string? Index { get; init; }

    /// <summary>What of the index: a rollout, a report, a bridge or a schedule.</summary>
    public required string Subject { get; init; }

    /// <summary>In a line.</summary>
    public required string Title { get; init; }

    /// <summary>In a few sentences.</summary>
    public required string Text { get; init; }

    /// <summary>What to do; null for nothing.</summary>
    public string? WhatToDo { get; init; }

    /// <summary>When it was found out.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when it lasts, or when it happened.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Figures.</summary>
    public IReadOnlyList<NotificationFigure> Figures { get; init; } = [];
}
