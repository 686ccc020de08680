using DriftGuard.Core.Text;

namespace DriftGuard.Core.Notifications;

/// <summary>Decides what people are told, by what is so now and what they were told before.</summary>
public static class NotificationDecider
{
    /// <summary>What happened longer ago is news to nobody.</summary>
    public static readonly TimeSpan News = TimeSpan.FromDays(1);

    /// <summary>What is to be told now, by key.</summary>
    /// <param name="facts">What is so, and what happened.</param>
    /// <param name="undecided">Whether nobody can tell now if something that was told is over.</param>
    /// <param name="told">What was told before, by key.</param>
    /// <param name="repeat">After which time something that lasts is told again; zero never does.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<ToldNotification> Decide(
        IReadOnlyCollection<NotificationFact> facts, Func<ToldNotification, bool> undecided, IReadOnlyDictionary<string, ToldNotification> told, TimeSpan repeat, DateTimeOffset now)
    {
        var tell = new List<ToldNotification>();
        foreach (var fact in facts.DistinctBy(fact => fact.Key, StringComparer.Ordinal))
        {
            var before = told.GetValueOrDefault(fact.Key);
            if (StateOf(fact, before, repeat, now) is { } state)
            {
                tell.Add(Told(fact, state, before, now));
            }
        }

        var keys = facts.Select(fact => fact.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var before in told.Values.Where(before => before.Lasts && !keys.Contains(before.Key) && !undecided(before)))
        {
            tell.Add(Resolved(before, now));
        }

        return tell;
    }

    private static NotificationState? StateOf(NotificationFact fact, ToldNotification? before, TimeSpan repeat, DateTimeOffset now)
    {
        if (!fact.Lasts)
        {
            return before is null && now - fact.At <= News ? NotificationState.Happened : null;
        }

        if (before is not { Lasts: true } || before.Last.Kind != fact.Kind)
        {
            return NotificationState.Raised;
        }

        return repeat > TimeSpan.Zero && now - before.Last.At >= repeat ? NotificationState.Repeated : null;
    }

    private static ToldNotification Told(NotificationFact fact, NotificationState state, ToldNotification? before, DateTimeOffset now)
    {
        var version = (before?.Version ?? 0) + 1;
        var notification = new Notification
        {
            Id = IdOf(fact.Key, version, now),
            Kind = fact.Kind,
            State = state,
            Severity = NotificationKinds.SeverityOf(fact.Kind),
            Index = fact.Index,
            Subject = fact.Subject,
            Title = fact.Title,
            Text = fact.Text,
            WhatToDo = fact.WhatToDo,
            At = now,
            Since = state == NotificationState.Repeated ? before!.Last.Since : fact.At,
            Figures = fact.Figures,
        };
        return new(fact.Key, version, notification, fact.Witnesses);
    }

    private static ToldNotification Resolved(ToldNotification before, DateTimeOffset now) => before with
    {
        Version = before.Version + 1,
        Last = before.Last with
        {
            Id = IdOf(before.Key, before.Version + 1, now),
            State = NotificationState.Resolved,
            Text = $"It is over. It lasted about {DurationText.Format(Whole(now - before.Last.Since))}.",
            WhatToDo = null,
            At = now,
        },
    };

    private static TimeSpan Whole(TimeSpan time) => time < TimeSpan.FromMinutes(1) ? TimeSpan.FromSeconds(Math.Max(0, Math.Floor(time.TotalSeconds))) : TimeSpan.FromMinutes(Math.Floor(time.TotalMinutes));

    // With the time, since versions begin anew where a key was forgotten.
    private static string IdOf(string key, int version, DateTimeOffset now) => FormattableString.Invariant($"{key}/{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{version}");
}
