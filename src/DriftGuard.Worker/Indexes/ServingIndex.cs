using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Cluster;

namespace DriftGuard.Worker.Indexes;

/// <summary>An index as it is served right now.</summary>
/// <param name="Definition">What was enrolled.</param>
/// <param name="Collection">The collection behind its alias.</param>
/// <param name="Token">Its epoch token.</param>
/// <param name="State">The collection's state.</param>
public sealed record ServingIndex(IndexDefinition Definition, string Collection, EpochToken Token, CollectionState State)
{
    /// <summary>Fingerprint of the model that made its vectors; null if the collection does not say.</summary>
    public string? Fingerprint => State.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint);

    /// <summary>Name of that model; null if the collection does not say.</summary>
    public string? Model => State.Metadata.GetValueOrDefault(IndexMetadata.Model);

    /// <summary>Name of that model.</summary>
    /// <exception cref="OperatorException">The collection does not say.</exception>
    public string RequireModel() => Model
        ?? throw new OperatorException(OperatorError.Conflict, $"collection {Collection} does not say which model made its vectors");
}

/// <summary>Reads how indexes are served.</summary>
internal sealed class ServingIndexReader(QdrantStore qdrant, PeerReader peers, StateStore state)
{
    /// <summary>Reads one index.</summary>
    /// <exception cref="OperatorException">It is not enrolled, or alias, token or collection are missing or contradict each other.</exception>
    public async Task<ServingIndex> ReadAsync(string name, CancellationToken cancellation)
    {
        await RequireSupportedAsync(cancellation);
        var definition = await DefinitionAsync(name, cancellation);
        var aliases = await qdrant.AliasesAsync(cancellation);
        var collection = aliases.TargetOf(name)
            ?? throw new OperatorException(OperatorError.Conflict, $"index '{name}' is enrolled, but there is no alias '{name}' in Qdrant at {qdrant.Address}");
        var tokens = IndexAliases.Tokens(name, aliases);
        if (tokens is not [var token])
        {
            throw new OperatorException(OperatorError.Conflict,
                $"index '{name}' should have one epoch token, an alias {name}.e<epoch>.<nonce>; found {(tokens.Count == 0 ? "none" : string.Join(", ", tokens.Select(t => t.Token)))}");
        }

        if (token.Target != collection)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"alias '{name}' points to {collection}, its epoch token {token.Token} to {token.Target}: somebody re-pointed one by hand. Point both to the collection that should serve");
        }

        var found = await qdrant.FindCollectionAsync(collection, cancellation)
            ?? throw new OperatorException(OperatorError.Conflict, $"collection {collection} behind index '{name}' is gone");
        return new(definition, collection, token.Token, found);
    }

    /// <summary>What was enrolled under a name.</summary>
    /// <exception cref="OperatorException">Nothing was; the message names what is.</exception>
    public async Task<IndexDefinition> DefinitionAsync(string name, CancellationToken cancellation) =>
        await state.FindIndexAsync(name, cancellation) ?? throw await UnknownAsync(name, cancellation);

    /// <summary>Refuses a server that is too old to be written to safely.</summary>
    public async Task RequireSupportedAsync(CancellationToken cancellation)
    {
        var server = await qdrant.ServerAsync(cancellation);
        if (!server.IsSupported)
        {
            throw new OperatorException(OperatorError.Conflict, $"Qdrant at {qdrant.Address} is {server.VersionText}; DriftGuard needs {QdrantServer.Oldest} or later");
        }
    }

    /// <summary>Refuses a cluster on which a switch of aliases could stall everything, or would not be seen by every peer.</summary>
    public async Task RequireSwitchableAsync(ServingIndex index, CancellationToken cancellation)
    {
        var all = await peers.ReadAsync(index.Collection, cancellation);
        if (all.Peers.Count > 1 && all.Peers.FirstOrDefault(peer => peer.Server is not { CanSwitchOnClusters: true }) is { } unfit)
        {
            throw new OperatorException(OperatorError.Conflict, unfit.Server is { } old
                ? $"the peer of Qdrant at {unfit.Address} is {old.VersionText}: before 1.17 a switch of aliases on a cluster can stall reads for minutes. Upgrade every peer first"
                : $"the peer of Qdrant at {unfit.Address} has no answer ({unfit.Problem}), and every peer has to see a switch: bring it back, or remove it from the cluster, then start again");
        }

        var server = await qdrant.ServerAsync(cancellation);
        var cluster = await qdrant.ClusterOfAsync(index.Collection, cancellation);
        if (!server.SwitchesSafely(cluster))
        {
            throw new OperatorException(OperatorError.Conflict,
                $"Qdrant at {qdrant.Address} is {server.VersionText} on {cluster.Peers} peers: before 1.17 a switch of aliases on a cluster can stall reads for minutes. Upgrade Qdrant first");
        }
    }

    private async Task<OperatorException> UnknownAsync(string name, CancellationToken cancellation)
    {
        var known = (await state.ListIndexesAsync(cancellation)).Select(i => i.Name).ToList();
        return new(OperatorError.NotFound, $"there is no index '{name}'; known: {(known.Count == 0 ? "none; create one with 'driftguard index create'" : string.Join(", ", known))}");
    }
}
