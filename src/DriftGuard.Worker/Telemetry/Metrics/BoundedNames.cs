using System.Collections.Concurrent;

namespace DriftGuard.Worker.Telemetry.Metrics;

/// <summary>
/// Names as labels: the first so many have one of their own, and all others one together, so that no number of names makes more series than that.
/// </summary>
/// <param name="limit">How many have their own.</param>
internal sealed class BoundedNames(int limit)
{
    /// <summary>The label of all that are beyond the limit.</summary>
    public const string Other = "other";

    /// <summary>The label where nobody knows the name.</summary>
    public const string Unknown = "unknown";

    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    /// <summary>The label of a name; null has <see cref="Unknown"/>.</summary>
    public string Of(string? name)
    {
        if (name is null)
        {
            return Unknown;
        }

        if (_names.ContainsKey(name))
        {
            return name;
        }

        lock (_adding)
        {
            return _names.Count < limit && _names.TryAdd(name, 0) || _names.ContainsKey(name) ? name : Other;
        }
    }
}
