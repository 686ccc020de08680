namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>
/// Aliases and collections with the semantics that a cutover rests on: changes run in order, the rename of a missing alias fails and
/// nothing after it runs, and deleting a collection takes its aliases along without asking.
/// </summary>
internal sealed class SimulatedQdrant
{
    private readonly Dictionary<string, string> aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, int>> collections = new(StringComparer.Ordinal);

    /// <summary>Every epoch token that there ever was.</summary>
    public HashSet<string> TokensEver { get; } = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Aliases => aliases;

    public bool Exists(string collection) => collections.ContainsKey(collection);

    /// <summary>Version by document id.</summary>
    public Dictionary<int, int> Points(string collection) => collections[collection];

    public void Create(string collection) => collections.TryAdd(collection, []);

    public void Delete(string collection)
    {
        if (aliases.ContainsValue(collection))
        {
            Assert.Fail($"{collection} was deleted while an alias points to it");
        }

        collections.Remove(collection);
    }

    public void Point(string alias, string collection)
    {
        aliases[alias] = collection;
        if (alias.Contains('.', StringComparison.Ordinal))
        {
            TokensEver.Add(alias);
        }
    }

    /// <summary>Renames an alias; false if there is none of that name.</summary>
    public bool Rename(string from, string to)
    {
        if (!aliases.Remove(from, out var target))
        {
            return false;
        }

        Point(to, target);
        return true;
    }

    /// <summary>The one call of a switch; its actions are saved one by one, and a crash may fall between them.</summary>
    /// <returns>Whether it was applied to its end.</returns>
    public bool Switch(string index, string from, string to, string collection, Func<bool>? cutOff = null)
    {
        if (!Rename(from, to) || cutOff?.Invoke() is true)
        {
            return false;
        }

        Point(index, collection);
        if (cutOff?.Invoke() is true)
        {
            return false;
        }

        Point(to, collection);
        return true;
    }
}
