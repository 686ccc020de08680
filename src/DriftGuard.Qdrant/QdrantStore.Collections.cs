using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

public sealed partial class QdrantStore
{
    /// <summary>The names of all collections, in ordinal order.</summary>
    public async Task<IReadOnlyList<string>> ListCollectionsAsync(CancellationToken cancellationToken = default)
    {
        var reply = await ReadAsync("List collections", null, options => _collections.ListAsync(new ListCollectionsRequest(), options), cancellationToken);
        return [.. reply.Collections.Select(static collection => collection.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether there is a collection or an alias of this name.</summary>
    public async Task<bool> ExistsAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new CollectionExistsRequest { CollectionName = collection };
        var reply = await ReadAsync("Exists", collection, options => _collections.CollectionExistsAsync(request, options), cancellationToken);
        return reply.Result.Exists;
    }

    /// <summary>What a collection is and how it is; null if it is missing.</summary>
    public async Task<CollectionState?> FindCollectionAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new GetCollectionInfoRequest { CollectionName = collection };
        try
        {
            var reply = await ReadAsync("Get collection", collection, options => _collections.GetAsync(request, options), cancellationToken);
            return CollectionForms.StateOf(collection, reply.Result);
        }
        catch (QdrantException exception) when (exception.Kind == QdrantFailure.NotFound)
        {
            return null;
        }
    }

    /// <summary>Makes a collection.</summary>
    /// <exception cref="QdrantException">One of this name exists (<see cref="QdrantFailure.AlreadyExists"/>), or another failure.</exception>
    public Task CreateCollectionAsync(string collection, CollectionSchema schema, CancellationToken cancellationToken = default)
    {
        var request = CollectionForms.CreateOf(collection, schema);
        request.Timeout = AdminTimeoutSeconds;
        // Not repeated: after a lost answer the second attempt would find the name taken, by us, and report a failure.
        return ChangeAsync("Create collection", collection, repeatable: false, options => _collections.CreateAsync(request, options), cancellationToken);
    }

    /// <summary>
    /// Deletes a collection and, without asking, the aliases that point to it. A name that is an alias, or nothing, is left alone.
    /// </summary>
    /// <returns>Whether there was one to delete, as far as the server tells.</returns>
    public async Task<bool> DeleteCollectionAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new DeleteCollection { CollectionName = collection, Timeout = AdminTimeoutSeconds };
        // A collection's name is never used again, so a repeat cannot delete another one.
        var reply = await ChangeAsync("Delete collection", collection, repeatable: true, options => _collections.DeleteAsync(request, options), cancellationToken);
        return reply.Result;
    }

    /// <summary>Merges into the metadata by key; a null value removes its key.</summary>
    public Task SetMetadataAsync(string collection, IReadOnlyDictionary<string, string?> metadata, CancellationToken cancellationToken = default)
    {
        var request = new UpdateCollection { CollectionName = collection, Timeout = AdminTimeoutSeconds };
        foreach (var (key, value) in metadata)
            request.Metadata[key] = value is null ? new Value { NullValue = NullValue.NullValue } : new Value { StringValue = value };
        return ChangeAsync("Set metadata", collection, repeatable: true, options => _collections.UpdateAsync(request, options), cancellationToken);
    }

    /// <summary>Sets from which size in KB a segment is indexed; 0: never. It cannot be unset, only set to another number.</summary>
    public Task SetIndexingThresholdAsync(string collection, ulong kilobytes, CancellationToken cancellationToken = default)
    {
        var request = new UpdateCollection
        {
            CollectionName = collection,
            Timeout = AdminTimeoutSeconds,
            OptimizersConfig = new OptimizersConfigDiff { IndexingThreshold = kilobytes },
        };
        return ChangeAsync("Set indexing threshold", collection, repeatable: true, options => _collections.UpdateAsync(request, options), cancellationToken);
    }

    /// <summary>Merges into the strict mode settings; what is not set in <paramref name="strictMode"/> stays, and cannot be unset.</summary>
    public Task SetStrictModeAsync(string collection, StrictModeConfig strictMode, CancellationToken cancellationToken = default)
    {
        var request = new UpdateCollection { CollectionName = collection, Timeout = AdminTimeoutSeconds, StrictModeConfig = strictMode };
        return ChangeAsync("Set strict mode", collection, repeatable: true, options => _collections.UpdateAsync(request, options), cancellationToken);
    }

    /// <summary>A collection's place in the cluster, as this peer sees it; on a single node one peer with all shards.</summary>
    public async Task<CollectionCluster> ClusterOfAsync(string collection, CancellationToken cancellationToken = default)
    {
        var request = new CollectionClusterInfoRequest { CollectionName = collection };
        var reply = await ReadAsync(
            "Get cluster info", collection, options => _collections.CollectionClusterInfoAsync(request, options), cancellationToken);
        return CollectionForms.ClusterOf(reply);
    }
}
