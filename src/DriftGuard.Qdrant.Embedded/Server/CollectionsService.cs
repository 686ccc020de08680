using DriftGuard.Qdrant.Embedded.Collections;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Collections and aliases over gRPC.</summary>
[BindServiceMethod(typeof(ServiceBinding), nameof(ServiceBinding.Bind))]
internal sealed class CollectionsService(Catalog catalog, TimeProvider clock) : global::Qdrant.Client.Grpc.Collections.CollectionsBase
{
    /// <summary>A peer of one: any constant does, and 1 is easily told from a real one's.</summary>
    private const ulong PeerId = 1;

    public override Task<GetCollectionInfoResponse> Get(GetCollectionInfoRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        var info = CollectionReport.Of(catalog.Get(request.CollectionName));
        return Task.FromResult(new GetCollectionInfoResponse { Result = info, Time = Elapsed(start) });
    }

    public override Task<ListCollectionsResponse> List(ListCollectionsRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        var names = catalog.View.Collections.Keys.Order(StringComparer.Ordinal);
        return Task.FromResult(new ListCollectionsResponse
        {
            Collections = { names.Select(name => new CollectionDescription { Name = name }) },
            Time = Elapsed(start),
        });
    }

    public override async Task<CollectionOperationResponse> Create(CreateCollection request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        await catalog.CreateAsync(request, context.CancellationToken);
        return Done(result: true, start);
    }

    public override async Task<CollectionOperationResponse> Update(UpdateCollection request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        await catalog.ChangeAsync(request.CollectionName, stored => CollectionChanges.Update(stored, request), isOperation: false, context.CancellationToken);
        return Done(result: true, start);
    }

    public override async Task<CollectionOperationResponse> Delete(DeleteCollection request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        return Done(await catalog.DeleteAsync(request.CollectionName, context.CancellationToken), start);
    }

    public override async Task<CollectionOperationResponse> UpdateAliases(ChangeAliases request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        await catalog.ChangeAliasesAsync(request, context.CancellationToken);
        return Done(result: true, start);
    }

    public override Task<ListAliasesResponse> ListCollectionAliases(ListCollectionAliasesRequest request, ServerCallContext context)
    {
        CollectionRules.CheckName(request.CollectionName);
        return Aliases(target => string.Equals(target, request.CollectionName, StringComparison.Ordinal));
    }

    public override Task<ListAliasesResponse> ListAliases(ListAliasesRequest request, ServerCallContext context) => Aliases(_ => true);

    public override Task<CollectionExistsResponse> CollectionExists(CollectionExistsRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        var exists = catalog.View.Find(request.CollectionName) is not null;
        return Task.FromResult(new CollectionExistsResponse { Result = new CollectionExists { Exists = exists }, Time = Elapsed(start) });
    }

    public override Task<CollectionClusterInfoResponse> CollectionClusterInfo(CollectionClusterInfoRequest request, ServerCallContext context)
    {
        var count = catalog.Get(request.CollectionName).Read(points => (ulong)points.Count);
        return Task.FromResult(new CollectionClusterInfoResponse
        {
            PeerId = PeerId,
            ShardCount = 1,
            LocalShards = { new LocalShardInfo { PointsCount = count, State = ReplicaState.Active } },
        });
    }

    private Task<ListAliasesResponse> Aliases(Func<string, bool> wanted)
    {
        var start = clock.GetTimestamp();
        var aliases = catalog.View.Aliases.Where(alias => wanted(alias.Value)).OrderBy(alias => alias.Key, StringComparer.Ordinal);
        return Task.FromResult(new ListAliasesResponse
        {
            Aliases = { aliases.Select(alias => new AliasDescription { AliasName = alias.Key, CollectionName = alias.Value }) },
            Time = Elapsed(start),
        });
    }

    private CollectionOperationResponse Done(bool result, long start) => new() { Result = result, Time = Elapsed(start) };

    private double Elapsed(long start) => clock.GetElapsedTime(start).TotalSeconds;
}
