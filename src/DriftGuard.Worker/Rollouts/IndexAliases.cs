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

    /// <summary>What is seen of the ways that writes take; strict mode is not read from aliases.</summary>
    public static FenceSeen Fences(string index, AliasTable aliases) => new()
    {
        WriteTarget = aliases.TargetOf(WriteFence.WriteAlias(index)),
        Aliases = aliases.Targets.Select(alias => (Nonce: WriteFence.NonceOf(index, alias.Key), Target: alias.Value)).Where(seen => seen.Nonce is not null)
            .ToDictionary(seen => seen.Nonce!, seen => seen.Target, StringComparer.Ordinal),
        SyncAlias = aliases.TargetOf(WriteFence.SyncAlias(index)) is not null,
    };

    /// <summary>Index, write alias and first token, all onto a new collection.</summary>
    public static AliasChange[] Create(EpochToken first, string collection) =>
    [
        new AliasChange.Create(first.Index, collection),
        new AliasChange.Create(WriteFence.WriteAlias(first.Index), collection),
        new AliasChange.Create(first.AliasName, collection),
    ];

    /// <summary>
    /// The compare-and-set: the rename fails if the token is not there any more, and then nothing after it runs. The token points to the
    /// collection last, which tells that all of it is done.
    /// </summary>
    /// <param name="from">The token before.</param>
    /// <param name="to">The token after.</param>
    /// <param name="collection">The collection that is to serve.</param>
    /// <param name="writes">The alias that writes take or, under a fence, will take: the write alias or what it was renamed to; null for none.</param>
    public static AliasChange[] Switch(EpochToken from, EpochToken to, string collection, string? writes) =>
    [
        new AliasChange.Rename(from.AliasName, to.AliasName),
        .. writes is null ? Array.Empty<AliasChange>() : [new AliasChange.Create(writes, collection)],
        new AliasChange.Create(to.Index, collection),
        new AliasChange.Create(to.AliasName, collection),
    ];

    /// <summary>Takes the write alias away. Nothing of it applies where that is not there.</summary>
    public static AliasChange[] RaiseFence(string index, WriteFence fence) =>
        [new AliasChange.Rename(WriteFence.WriteAlias(index), fence.AliasOf(index)), new AliasChange.Create(WriteFence.SyncAlias(index), fence.Collection)];

    /// <summary>Gives the write alias its name again, where the fence left it; or, if another one has it, drops the fence's.</summary>
    public static AliasChange[] LowerFence(string index, string nonce, bool writeAliasIsThere) =>
        [writeAliasIsThere ? new AliasChange.Delete(WriteFence.AliasOf(index, nonce)) : new AliasChange.Rename(WriteFence.AliasOf(index, nonce), WriteFence.WriteAlias(index))];
}
