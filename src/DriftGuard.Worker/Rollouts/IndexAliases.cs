using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>What <see cref="AliasMoves"/> decides, as Qdrant's calls.</summary>
internal static class IndexAliases
{
    /// <summary>The epoch tokens of an index with the collections they point to.</summary>
    public static IReadOnlyList<TokenSeen> Tokens(string index, AliasTable aliases) => AliasMoves.Tokens(index, aliases.Targets);

    /// <summary>The actions of one call.</summary>
    public static IReadOnlyList<AliasChange> Call(IReadOnlyList<AliasMove> moves) => [.. moves.Select(Of)];

    private static AliasChange Of(AliasMove move) => move switch
    {
        AliasMove.Point(var alias, var collection) => new AliasChange.Create(alias, collection),
        AliasMove.Rename(var from, var to) => new AliasChange.Rename(from, to),
        AliasMove.Drop(var alias) => new AliasChange.Delete(alias),
        _ => throw new ArgumentException($"{move} is no alias change", nameof(move)),
    };
}
