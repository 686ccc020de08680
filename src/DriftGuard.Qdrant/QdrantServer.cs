using System.Globalization;

namespace DriftGuard.Qdrant;

/// <summary>What a Qdrant says of itself.</summary>
/// <param name="Title">Its title.</param>
/// <param name="VersionText">Its version as it tells it, such as <c>1.18.3</c> or <c>1.19.0-dev</c>.</param>
/// <param name="Version">Major, minor and patch; 0.0.0 if the text is no version.</param>
public sealed record QdrantServer(string Title, string VersionText, Version Version)
{
    /// <summary>The oldest version this client lives with.</summary>
    public static readonly Version Oldest = new(1, 16, 0);

    /// <summary>Whether this client lives with it.</summary>
    public bool IsSupported => Version >= Oldest;

    /// <summary>
    /// Whether it should honour <c>update_mode</c> (1.17 and later; 1.16 ignores it silently). A version is a claim: prove it with a canary.
    /// </summary>
    public bool ClaimsUpdateMode => Version >= new Version(1, 17, 0);

    /// <summary>
    /// Whether aliases may be switched while a collection is in use: on clusters before 1.17 an alias change can deadlock with requests across
    /// peers, and reads then stall for minutes.
    /// </summary>
    public bool SwitchesSafely(CollectionCluster cluster) => cluster.Peers == 1 || CanSwitchOnClusters;

    /// <summary>Whether a peer of this version may belong to a cluster on which aliases are switched.</summary>
    public bool CanSwitchOnClusters => Version >= new Version(1, 17, 0);

    internal static QdrantServer Of(string title, string versionText)
    {
        var numbers = versionText.TrimStart('v').Split('-', '+')[0].Split('.');
        var parts = new int[3];
        for (var i = 0; i < Math.Min(3, numbers.Length); i++)
            _ = int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out parts[i]);
        return new(title, versionText, new Version(parts[0], parts[1], parts[2]));
    }
}
