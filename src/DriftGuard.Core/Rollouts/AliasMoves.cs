namespace DriftGuard.Core.Rollouts;

/// <summary>One action of an alias change: the actions of one call run in order, up to the first that fails.</summary>
public abstract record AliasMove
{
    private AliasMove()
    {
    }

    /// <summary>Points an alias at a collection, whether or not it is there.</summary>
    public sealed record Point(string Alias, string Collection) : AliasMove;

    /// <summary>Renames an alias; fails if it is missing.</summary>
    public sealed record Rename(string From, string To) : AliasMove;

    /// <summary>Deletes an alias.</summary>
    public sealed record Drop(string Alias) : AliasMove;
}

/// <summary>An index' aliases as they are found, and the calls that move them.</summary>
public static class AliasMoves
{
    /// <summary>The epoch tokens of an index with the collections they point to.</summary>
    public static IReadOnlyList<TokenSeen> Tokens(string index, IReadOnlyDictionary<string, string> aliases) =>
        [.. aliases
            .Select(alias => (Token: EpochToken.Parse(index, alias.Key), Target: alias.Value))
            .Where(seen => seen.Token is not null)
            .OrderBy(seen => seen.Token!.Epoch)
            .ThenBy(seen => seen.Token!.Nonce, StringComparer.Ordinal)
            .Select(seen => new TokenSeen(seen.Token!, seen.Target))];

    /// <summary>Whether aliases, as some peer has them, are those after a switch: by its own token, or by one of a later epoch.</summary>
    /// <param name="token">The token of the switch.</param>
    /// <param name="collection">The collection that was switched to.</param>
    /// <param name="aliases">The aliases.</param>
    public static bool AreAfter(EpochToken token, string collection, IReadOnlyDictionary<string, string> aliases) =>
        Tokens(token.Index, aliases) is [var seen]
        && (seen.Token.Epoch > token.Epoch || (seen.Token == token && seen.Target == collection && aliases.GetValueOrDefault(token.Index) == collection));

    /// <summary>What is seen of the ways that writes take; strict mode is not read from aliases.</summary>
    public static FenceSeen Fences(string index, IReadOnlyDictionary<string, string> aliases) => new()
    {
        WriteTarget = aliases.GetValueOrDefault(WriteFence.WriteAlias(index)),
        Aliases = aliases.Select(alias => (Nonce: WriteFence.NonceOf(index, alias.Key), Target: alias.Value)).Where(seen => seen.Nonce is not null)
            .ToDictionary(seen => seen.Nonce!, seen => seen.Target, StringComparer.Ordinal),
        SyncAlias = aliases.ContainsKey(WriteFence.SyncAlias(index)),
    };

    /// <summary>Index, write alias and first token, all onto a new collection.</summary>
    public static IReadOnlyList<AliasMove> Create(EpochToken first, string collection) =>
    [
        new AliasMove.Point(first.Index, collection),
        new AliasMove.Point(WriteFence.WriteAlias(first.Index), collection),
        new AliasMove.Point(first.AliasName, collection),
    ];

    /// <summary>
    /// The compare-and-set of a cutover: the rename fails if the token is not there any more, and then nothing after it runs. The token
    /// points to the collection last, which tells that all of it is done. What writes take moves too, be it held by a fence.
    /// </summary>
    /// <param name="attempt">The attempt, as it was recorded.</param>
    /// <param name="seen">What was observed before it.</param>
    public static IReadOnlyList<AliasMove> Switch(SwitchAttempt attempt, RolloutObservation seen)
    {
        var collection = seen.Rollout.Of(attempt.To).Collection;
        var (index, fence) = (seen.Rollout.Index, seen.Rollout.Fence);
        var writes = fence is { Kind: FenceKind.Alias } && seen.Fence.HoldsOthers(fence) ? fence.AliasOf(index)
            : seen.Fence.WriteTarget is not null ? WriteFence.WriteAlias(index)
            : null;
        return
        [
            new AliasMove.Rename(attempt.From.AliasName, attempt.Token.AliasName),
            .. writes is null ? Array.Empty<AliasMove>() : [new AliasMove.Point(writes, collection)],
            new AliasMove.Point(index, collection),
            new AliasMove.Point(attempt.Token.AliasName, collection),
        ];
    }

    /// <summary>Makes a switch impossible whose outcome is unknown: it can never apply once its token has this other name.</summary>
    public static IReadOnlyList<AliasMove> Abort(SwitchAttempt attempt) => [new AliasMove.Rename(attempt.From.AliasName, attempt.From.Abort().AliasName)];

    /// <summary>
    /// Points the index, and what its applications write through, to the collection of its token again: a collection was deleted, and an alias of
    /// the index with it that somebody had pointed there. Nothing, where nothing is missing.
    /// </summary>
    public static IReadOnlyList<AliasMove> Restore(string index, bool hasWriteAlias, IReadOnlyDictionary<string, string> aliases)
    {
        if (Tokens(index, aliases) is not [var token])
        {
            return [];
        }

        var writesAreGone = hasWriteAlias && !Fences(index, aliases).HasWriteAlias;
        return
        [
            .. aliases.ContainsKey(index) ? Array.Empty<AliasMove>() : [new AliasMove.Point(index, token.Target)],
            .. writesAreGone ? [new AliasMove.Point(WriteFence.WriteAlias(index), token.Target)] : Array.Empty<AliasMove>(),
        ];
    }

    /// <summary>Takes the write alias away. Nothing of it applies where that is not there.</summary>
    public static IReadOnlyList<AliasMove> RaiseFence(string index, WriteFence fence) =>
        [new AliasMove.Rename(WriteFence.WriteAlias(index), fence.AliasOf(index)), new AliasMove.Point(WriteFence.SyncAlias(index), fence.Collection)];

    /// <summary>Gives the write alias its name again, where the fence left it; or, if another one has it, drops the fence's.</summary>
    public static IReadOnlyList<AliasMove> LowerFence(string index, string nonce, bool writeAliasIsThere)
    {
        var alias = WriteFence.AliasOf(index, nonce);
        return [writeAliasIsThere ? new AliasMove.Drop(alias) : new AliasMove.Rename(alias, WriteFence.WriteAlias(index))];
    }
}
