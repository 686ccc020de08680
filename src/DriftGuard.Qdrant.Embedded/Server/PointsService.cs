using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Operations;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Reads;
using DriftGuard.Qdrant.Embedded.Wire;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Points over gRPC: finds the collection, has the work done, and shapes the answer.</summary>
internal sealed class PointsService(Catalog catalog, TimeProvider clock) : PointsHandlers
{
    public override async Task<PointsOperationResponse> Upsert(WireRequest request, ServerCallContext context)
    {
        using var bytes = request;
        var upsert = UpsertRequest.Read(bytes.Bytes);
        return await WriteAsync(upsert.CollectionName, upsert.Wait, collection =>
        {
            collection.Limits.CheckUpsert(upsert.Points.Count, collection.Read(points => points.Count));
            collection.Limits.CheckWrite(filter: null, upsert.Timeout);
            return Operations.Upsert.Of(upsert.Points, upsert.UpdateFilter, upsert.Mode);
        }, context);
    }

    public override Task<PointsOperationResponse> Delete(DeletePoints request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.Points, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            Operations.Delete.Of, context);

    public override Task<PointsOperationResponse> UpdateVectors(UpdatePointVectors request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, collection =>
        {
            UpsertRequest.RefuseShardKeys(request.ShardKeySelector);
            collection.Limits.CheckUpsert(request.Points.Count, collection.Read(points => points.Count), "update limit");
            collection.Limits.CheckWrite(filter: null, Timeout(request.HasTimeout, request.Timeout));
            return VectorOperations.Update(request.Points, request.UpdateFilter);
        }, context);

    public override Task<PointsOperationResponse> DeleteVectors(DeletePointVectors request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.PointsSelector, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            points => VectorOperations.Delete(points, request.Vectors?.Names ?? []), context);

    public override Task<PointsOperationResponse> SetPayload(SetPayloadPoints request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.PointsSelector, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            points => PayloadOperations.Set(points, request.Payload, request.HasKey ? request.Key : null), context);

    public override Task<PointsOperationResponse> OverwritePayload(SetPayloadPoints request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.PointsSelector, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            points => PayloadOperations.Overwrite(points, request.Payload, request.HasKey ? request.Key : null), context);

    public override Task<PointsOperationResponse> DeletePayload(DeletePayloadPoints request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.PointsSelector, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            points => PayloadOperations.Delete(points, request.Keys), context);

    public override Task<PointsOperationResponse> ClearPayload(ClearPayloadPoints request, ServerCallContext context) =>
        WriteAsync(request.CollectionName, request.Wait, request.Points, request.ShardKeySelector, Timeout(request.HasTimeout, request.Timeout),
            PayloadOperations.Clear, context);

    /// <summary>Each operation by itself, in order: what came before one that fails stays, what comes after does not run.</summary>
    public override async Task<UpdateBatchResponse> UpdateBatch(UpdateBatchPoints request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        if (request.Operations.Count == 0) throw Refusal.Validation("operations", "value invalid, the size must be at least 1, got 0");
        var collection = catalog.Get(request.CollectionName);
        var response = new UpdateBatchResponse();
        foreach (var asked in request.Operations)
        {
            var operation = BatchOperation.Of(asked);
            if (operation.Upserts > 0) collection.Limits.CheckUpsert(operation.Upserts, collection.Read(points => points.Count));
            collection.Limits.CheckWrite(operation.Filter, Timeout(request.HasTimeout, request.Timeout));
            var number = await collection.WriteAsync(operation.Decide, context.CancellationToken);
            response.Result.Add(Result(number, request.Wait));
        }

        response.Time = clock.GetElapsedTime(start).TotalSeconds;
        return response;
    }

    public override Task<PointsOperationResponse> CreateFieldIndex(CreateFieldIndexCollection request, ServerCallContext context) =>
        ChangeAsync(request.CollectionName, request.Wait, stored => CollectionChanges.CreateIndex(stored, request), context);

    public override Task<PointsOperationResponse> DeleteFieldIndex(DeleteFieldIndexCollection request, ServerCallContext context) =>
        ChangeAsync(request.CollectionName, request.Wait, stored => CollectionChanges.DeleteIndex(stored, request.FieldName), context);

    public override Task<PointsOperationResponse> CreateVectorName(CreateVectorNameRequest request, ServerCallContext context) =>
        ChangeAsync(request.CollectionName, request.Wait, stored => CollectionChanges.CreateVector(stored, request), context);

    public override Task<PointsOperationResponse> DeleteVectorName(DeleteVectorNameRequest request, ServerCallContext context) =>
        ChangeAsync(request.CollectionName, request.Wait, stored => CollectionChanges.DeleteVector(stored, request.VectorName), context);

    public override Task<WireWriter> Get(GetPoints request, ServerCallContext context) =>
        Answer(2, request.CollectionName, request.ShardKeySelector, (collection, output) => Retrieval.Write(collection, request, output));

    public override Task<WireWriter> Scroll(ScrollPoints request, ServerCallContext context) =>
        Answer(3, request.CollectionName, request.ShardKeySelector, (collection, output) => Scrolling.Write(collection, request, output));

    public override Task<CountResponse> Count(CountPoints request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        UpsertRequest.RefuseShardKeys(request.ShardKeySelector);
        var count = Counting.Count(catalog.Get(request.CollectionName), request);
        return Task.FromResult(new CountResponse { Result = new CountResult { Count = count }, Time = clock.GetElapsedTime(start).TotalSeconds });
    }

    public override Task<WireWriter> Query(QueryPoints request, ServerCallContext context)
    {
        Querying.Check(request);
        return Answer(2, request.CollectionName, request.ShardKeySelector, (collection, output) => Querying.Write(collection, request, output));
    }

    public override Task<WireWriter> QueryBatch(QueryBatchPoints request, ServerCallContext context)
    {
        foreach (var query in request.QueryPoints) Querying.Check(query);
        return Answer(2, request.CollectionName, shards: null, (collection, output) =>
        {
            collection.Limits.CheckBatch(request.QueryPoints.Count);
            foreach (var query in request.QueryPoints)
            {
                using var batch = new WireWriter();
                Querying.Write(collection, query, batch);
                output.Open(1, batch.Length);
                output.Raw(batch.Written);
            }
        });
    }

    private static ulong? Timeout(bool given, ulong seconds) => given ? seconds : null;

    private static UpdateResult Result(ulong operation, bool wait) =>
        new() { OperationId = operation, Status = wait ? UpdateStatus.Completed : UpdateStatus.Acknowledged };

    private Task<PointsOperationResponse> WriteAsync(
        string name, bool wait, PointsSelector? selector, ShardKeySelector? shards, ulong? timeout,
        Func<PointSelection, Action<PointStore, WritePlan>> operation, ServerCallContext context)
    {
        UpsertRequest.RefuseShardKeys(shards);
        var selection = PointSelection.Of(selector);
        var decide = operation(selection);
        return WriteAsync(name, wait, collection =>
        {
            collection.Limits.CheckWrite(selection.Filter, timeout);
            return decide;
        }, context);
    }

    /// <summary>Writes at once, whether the caller waits or not: an acknowledgement always means stored.</summary>
    private async Task<PointsOperationResponse> WriteAsync(
        string name, bool wait, Func<Collection, Action<PointStore, WritePlan>> operation, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(name);
        var collection = catalog.Get(name);
        var number = await collection.WriteAsync(operation(collection), context.CancellationToken);
        return new PointsOperationResponse { Result = Result(number, wait), Time = clock.GetElapsedTime(start).TotalSeconds };
    }

    private async Task<PointsOperationResponse> ChangeAsync(
        string name, bool wait, Func<Storage.StoredCollection, Storage.StoredCollection> change, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(name);
        var number = await catalog.ChangeAsync(name, change, isOperation: true, context.CancellationToken);
        return new PointsOperationResponse { Result = Result(number, wait), Time = clock.GetElapsedTime(start).TotalSeconds };
    }

    private Task<WireWriter> Answer(int timeField, string name, ShardKeySelector? shards, Action<Collection, WireWriter> write)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(name);
        UpsertRequest.RefuseShardKeys(shards);
        var answer = new WireWriter();
        try
        {
            write(catalog.Get(name), answer);
            answer.Double(timeField, clock.GetElapsedTime(start).TotalSeconds);
            return Task.FromResult(answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
