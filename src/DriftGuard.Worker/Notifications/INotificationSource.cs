using DriftGuard.Core.Notifications;
using DriftGuard.State;

namespace DriftGuard.Worker.Notifications;

/// <summary>Reads from the state what is so of some part of the installation, for people to be told.</summary>
internal interface INotificationSource
{
    /// <summary>What the keys of its facts begin with, up to the first slash.</summary>
    string Area { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="StateException">The state cannot be read.</exception>
    Task ReadAsync(NotificationReading reading, CancellationToken cancellation);
}

/// <summary>What is so at one time.</summary>
internal sealed class NotificationReading
{
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);

    /// <summary>The facts.</summary>
    public List<NotificationFact> Facts { get; } = [];

    /// <summary>A witness cannot tell now, or a whole area could not be read: what stands on it is not over for that.</summary>
    public void CannotTell(string witnessOrArea) => _silent.Add(witnessOrArea);

    /// <summary>Whether nobody can tell if something is over.</summary>
    public bool IsUndecided(ToldNotification told) => _silent.Contains(told.Key[..told.Key.IndexOf('/', StringComparison.Ordinal)]) || told.Witnesses.Any(_silent.Contains);
}
