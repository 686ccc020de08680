using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <summary>All aliases that one peer knows: alias to collection.</summary>
public sealed class AliasTable
{
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    /// <summary>A table of these pairs of alias and collection.</summary>
    public AliasTable(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (alias, collection) in pairs)
            _targets[alias] = collection;
    }

    /// <summary>Collection by alias.</summary>
    public IReadOnlyDictionary<string, string> Targets => _targets;

    /// <summary>The collection behind an alias; null if there is no such alias.</summary>
    public string? TargetOf(string alias) => _targets.GetValueOrDefault(alias);

    /// <summary>The aliases of a collection, in ordinal order.</summary>
    public IReadOnlyList<string> AliasesOf(string collection) =>
        [.. _targets.Where(pair => string.Equals(pair.Value, collection, StringComparison.Ordinal)).Select(pair => pair.Key).Order(StringComparer.Ordinal)];
}

/// <summary>
/// One action of an alias change. Qdrant runs the actions of one call in order and stops at the first that fails; what ran before it
/// stays done.
/// </summary>
public abstract record AliasChange
{
    private AliasChange()
    {
    }

    internal abstract AliasOperations ToWire();

    /// <summary>Points an alias at a collection; an alias that exists is re-pointed.</summary>
    public sealed record Create(string Alias, string Collection) : AliasChange
    {
        internal override AliasOperations ToWire() =>
            new() { CreateAlias = new CreateAlias { AliasName = Alias, CollectionName = Collection } };
    }

    /// <summary>Renames an alias; fails with <see cref="AliasNotFoundException"/> if it is missing.</summary>
    public sealed record Rename(string From, string To) : AliasChange
    {
        internal override AliasOperations ToWire() =>
            new() { RenameAlias = new RenameAlias { OldAliasName = From, NewAliasName = To } };
    }

    /// <summary>Deletes an alias.</summary>
    public sealed record Delete(string Alias) : AliasChange
    {
        internal override AliasOperations ToWire() => new() { DeleteAlias = new DeleteAlias { AliasName = Alias } };
    }
}
