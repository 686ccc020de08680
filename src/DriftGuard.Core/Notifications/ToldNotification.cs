namespace DriftGuard.Core.Notifications;

/// <summary>What was last told under a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Version">How often something was told under it.</param>
/// <param name="Last">What was told.</param>
/// <param name="Witnesses">Whose answers it stands on.</param>
public sealed record ToldNotification(string Key, int Version, Notification Last, IReadOnlyList<string> Witnesses)
{
    /// <summary>Whether it lasts, as far as people know.</summary>
    public bool Lasts => Last.State is NotificationState.Raised or NotificationState.Repeated;
}
