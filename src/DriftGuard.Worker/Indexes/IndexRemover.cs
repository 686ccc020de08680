using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Worker.Indexes;

/// <summary>An index that was forgotten.</summary>
/// <param name="Index">Its name.</param>
/// <param name="Kept">Its collections that are still there; the aliases stay on the one that served.</param>
/// <param name="Deleted">Its collections that were deleted, and their aliases with them.</param>
public sealed record ForgottenIndex(string Index, IReadOnlyList<string> Kept, IReadOnlyList<string> Deleted);

/// <summary>Takes indexes out of DriftGuard's hands, with their collections only where that is said.</summary>
public sealed class IndexRemover
{
    private readonly QdrantStore qdrant;
    private readonly StateStore state;

    internal IndexRemover(QdrantStore qdrant, StateStore state) => (this.qdrant, this.state) = (qdrant, state);

    /// <summary>
    /// Forgets an index. What is kept can be put under DriftGuard again. What is cut off in its middle is finished by the next call: the collection that serves
    /// goes after the others, and the index itself last.
    /// </summary>
    /// <param name="name">The index.</param>
    /// <param name="deleteCollections">Whether its collections are deleted: the one that serves, and what rollouts have kept.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, or another alias points to a collection that would be deleted.</exception>
    /// <exception cref="StateConflictException">A rollout of it has not ended.</exception>
    public async Task<ForgottenIndex> ForgetAsync(string name, bool deleteCollections, CancellationToken cancellation)
    {
        _ = await state.FindIndexAsync(name, cancellation) ?? throw new OperatorException(OperatorError.NotFound, $"there is no index '{name}'");
        var rollouts = await state.ListRolloutsAsync(name, cancellation);
        if (rollouts.FirstOrDefault(rollout => rollout.EndedAt is null) is { } open)
        {
            throw new OperatorException(OperatorError.Conflict, $"index '{name}' has a rollout that has not ended: {open.Id} ({open.Phase}); finish or abort it first");
        }

        var collections = await CollectionsAsync(name, rollouts, cancellation);
        if (deleteCollections)
        {
            await RequireOwnAliasesAsync(name, collections, cancellation);
            foreach (var collection in collections)
            {
                await qdrant.DeleteCollectionAsync(collection, cancellation);
            }
        }

        await state.ForgetIndexAsync(name, deleteCollections ? $"its collections were deleted: {InWords(collections)}" : $"its collections are kept: {InWords(collections)}", cancellation);
        return deleteCollections ? new(name, [], collections) : new(name, collections, []);
    }

    /// <summary>Those that are there, the one that serves last.</summary>
    private async Task<IReadOnlyList<string>> CollectionsAsync(string name, IReadOnlyList<Rollout> rollouts, CancellationToken cancellation)
    {
        var aliases = await qdrant.AliasesAsync(cancellation);
        var there = await qdrant.ListCollectionsAsync(cancellation);
        string?[] serving = [aliases.TargetOf(name), .. IndexAliases.Tokens(name, aliases).Select(token => token.Target)];
        return
        [
            .. rollouts.Where(rollout => rollout.RetiredAt is null).SelectMany(rollout => new[] { rollout.Blue, rollout.Green }).Except(serving, StringComparer.Ordinal)
                .Concat(serving).OfType<string>().Distinct(StringComparer.Ordinal).Intersect(there, StringComparer.Ordinal),
        ];
    }

    /// <summary>Qdrant deletes a collection with every alias on it, whosever it is.</summary>
    private async Task RequireOwnAliasesAsync(string name, IReadOnlyList<string> collections, CancellationToken cancellation)
    {
        var aliases = await qdrant.AliasesAsync(cancellation);
        var foreign = collections.SelectMany(collection => aliases.AliasesOf(collection))
            .Where(alias => alias != name && alias != WriteFence.WriteAlias(name) && EpochToken.Parse(name, alias) is null).ToList();
        if (foreign.Count > 0)
        {
            throw new OperatorException(OperatorError.Conflict, $"the collections of index '{name}' are not deleted: alias {string.Join(", ", foreign)} points to one of them");
        }
    }

    private static string InWords(IReadOnlyList<string> collections) => collections.Count == 0 ? "none" : string.Join(", ", collections);
}
