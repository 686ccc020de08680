namespace DriftGuard.Embedding.Pinning.Cache;

/// <summary>A folder that was put in the place of another, which lies aside until it is known that the new one stays.</summary>
/// <param name="place">Where the new one is.</param>
/// <param name="origin">Where it came from.</param>
/// <param name="aside">Where the old one is; null where there was none.</param>
internal sealed class FolderExchange(string place, string origin, string? aside)
{
    /// <summary>Puts a folder in the place of another. Both moves are renames on one disk: either folder is there whole, or none for an instant.</summary>
    public static FolderExchange Begin(string place, string origin, string aside)
    {
        if (!Directory.Exists(place))
        {
            Directory.Move(origin, place);
            return new(place, origin, null);
        }

        Directory.Move(place, aside);
        try
        {
            Directory.Move(origin, place);
        }
        catch
        {
            Directory.Move(aside, place);
            throw;
        }

        return new(place, origin, aside);
    }

    /// <summary>The new one stays.</summary>
    public void Keep()
    {
        if (aside is null)
            return;
        try
        {
            CacheDisk.DeleteFolder(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exchange is done, and the next operation clears what lies aside: nothing to fail for.
        }
    }

    /// <summary>The old one comes back, and the new one goes to where it came from.</summary>
    public void Undo()
    {
        Directory.Move(place, origin);
        if (aside is not null)
            Directory.Move(aside, place);
    }
}
