namespace DriftGuard.Core.Access;

/// <summary>Who does something, for the audit log.</summary>
/// <param name="Name">Who: the name of an API key, the subject of a token, a user of the machine.</param>
/// <param name="From">From where: an address, or the machine.</param>
/// <param name="Why">What they say it is for; null if nothing.</param>
public sealed record Actor(string Name, string? From = null, string? Why = null)
{
    /// <summary>Characters of each part at most; what is longer is cut where it is recorded.</summary>
    public const int Longest = 500;
}
