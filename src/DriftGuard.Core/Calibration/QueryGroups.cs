namespace DriftGuard.Core.Calibration;

/// <summary>Gives queries that move together the same number (the clusters of the paired comparison).</summary>
internal sealed class QueryGroups
{
    private readonly Dictionary<string, int> groups = new(StringComparer.Ordinal);

    /// <summary>Queries with the same relevant documents.</summary>
    public int OfRelevant(IEnumerable<string> relevantIds) => Of(string.Join('\t', relevantIds.Order(StringComparer.Ordinal)));

    /// <summary>Queries with the same key.</summary>
    public int Of(string key)
    {
        if (!groups.TryGetValue(key, out var group))
            groups.Add(key, group = groups.Count);
        return group;
    }
}
