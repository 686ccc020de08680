using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Rollouts;

/// <summary>An index' aliases as they are found in Qdrant, and the one call that moves them.</summary>
internal static class IndexAliases
{
    /// <summary>The epoch tokens of an index with the collections they point to.</summary>
    public static IReadOnlyList<TokenSeen> Tokens(string index, AliasTable aliases) =>
        [.. aliases.Targets
            .Select(alias => (Token: EpochToken.Parse(index, alias.Key), Target: alias.Value))
            .Where(seen => seen.Token is not null)
            .OrderBy(seen => seen.Token!.Epoch)
            .ThenBy(seen => seen.Token!.Nonce, StringComparer.Ordinal)
            .Select(seen => new TokenSeen(seen.Token!, seen.Target))];

    /// <summary>Index and first token, both onto a new collection.</summary>
    public static AliasChange[] Create(EpochToken first, string collection) =>
        [new AliasChange.Create(first.Index, collection), new AliasChange.Create(first.AliasName, collection)];

    /// <summary>
    /// The compare-and-set: the rename fails if the token is not there any more, and then nothing after it runs.
    /// </summary>
    public static AliasChange[] Switch(EpochToken from, EpochToken to, string collection) =>
    [
        new AliasChange.Rename(from.AliasName, to.AliasName),
        new AliasChange.Create(to.Index, collection),
        new AliasChange.Create(to.AliasName, collection),
    ];
}
