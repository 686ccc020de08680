namespace DriftGuard.Chaos.Tests.Oracle;

/// <summary>What must not be: counted by kind, with the first examples of each.</summary>
internal sealed class Findings
{
    private const int Examples = 5;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (int Count, List<string> Examples)> _found = new(StringComparer.Ordinal);

    /// <summary>How many of a kind.</summary>
    public int Of(string kind)
    {
        lock (_lock)
            return _found.TryGetValue(kind, out var found) ? found.Count : 0;
    }

    /// <summary>How many at all.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _found.Values.Sum(found => found.Count);
        }
    }

    public void Add(string kind, string example)
    {
        lock (_lock)
        {
            if (!_found.TryGetValue(kind, out var found))
                found = (0, []);
            if (found.Count < Examples)
                found.Examples.Add(example);
            _found[kind] = (found.Count + 1, found.Examples);
        }
    }

    public override string ToString()
    {
        lock (_lock)
            return _found.Count == 0 ? "nothing" : string.Join("\n", _found.Select(found => $"{found.Value.Count} {found.Key}:\n    {string.Join("\n    ", found.Value.Examples)}"));
    }
}

/// <summary>The kinds of <see cref="Findings"/>.</summary>
internal static class Finding
{
    public const string Lost = "lost";
    public const string Resurrected = "resurrected";
    public const string Invented = "that nobody wrote";
    public const string Twice = "twice";
    public const string StaleText = "with a stale text";
    public const string StalePayload = "with a stale payload";
    public const string StaleVector = "with a stale vector";
    public const string WrongStamp = "with a stamp of another model or of an update under way";
    public const string Aliases = "looks at aliases that are not one target";
    public const string Promise = "promises that do not hold";
    public const string StoodStill = "rollouts that did not come to their end";
    public const string Ended = "workers that ended by themselves";
}
