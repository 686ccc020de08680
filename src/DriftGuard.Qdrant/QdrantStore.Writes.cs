using DriftGuard.Qdrant.Connection;
using Google.Protobuf.Collections;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

/// <remarks>
/// Every write waits until it is applied and is strongly ordered: without waiting, 1.16 acknowledges writes that it then drops, and with
/// weaker ordering replicas were seen to disagree.
/// </remarks>
public sealed partial class QdrantStore
{
    /// <summary>Inserts or replaces points, payload and vectors whole.</summary>
    /// <returns>The operation id: the shard's count of operations.</returns>
    /// <exception cref="VectorException">A vector is not fit to be sent; nothing was sent.</exception>
    public Task<ulong> UpsertAsync(
        string collection, IReadOnlyList<PointStruct> points, UpsertOptions? conditions = null, CancellationToken cancellationToken = default)
    {
        conditions ??= UpsertOptions.None;
        VectorChecks.Require(collection, points, conditions.Vectors);
        var request = new UpsertPoints { CollectionName = collection, Wait = true, Ordering = Strong, UpdateFilter = conditions.UpdateFilter };
        request.Points.AddRange(points);
        if (conditions.Mode != UpdateMode.Upsert)
            request.UpdateMode = conditions.Mode;
        var repeatable = conditions.Repeatable ?? !conditions.IsConditional;
        return WriteAsync("Upsert", collection, repeatable, options => _points.UpsertAsync(request, options), cancellationToken);
    }

    /// <summary>
    /// Deletes points. An id that is missing is no error. The operation id that comes back marks the shard's activity: the gap between two
    /// such markers is the number of other operations.
    /// </summary>
    public Task<ulong> DeleteAsync(string collection, PointSelection points, CancellationToken cancellationToken = default)
    {
        var request = new DeletePoints { CollectionName = collection, Wait = true, Ordering = Strong, Points = points.Wire };
        return WriteAsync("Delete", collection, points.ByIds, options => _points.DeleteAsync(request, options), cancellationToken);
    }

    /// <summary>Sets these keys and leaves the others.</summary>
    /// <exception cref="QdrantException">A named id is missing (<see cref="QdrantFailure.NotFound"/>), or another failure.</exception>
    public Task<ulong> SetPayloadAsync(
        string collection, PointSelection points, MapField<string, Value> payload, CancellationToken cancellationToken = default)
    {
        var request = PayloadRequest(collection, points, payload);
        return WriteAsync("Set payload", collection, points.ByIds, options => _points.SetPayloadAsync(request, options), cancellationToken);
    }

    /// <summary>Replaces the whole payload, the stamp included.</summary>
    /// <exception cref="QdrantException">A named id is missing (<see cref="QdrantFailure.NotFound"/>), or another failure.</exception>
    public Task<ulong> OverwritePayloadAsync(
        string collection, PointSelection points, MapField<string, Value> payload, CancellationToken cancellationToken = default)
    {
        var request = PayloadRequest(collection, points, payload);
        return WriteAsync("Overwrite payload", collection, points.ByIds, options => _points.OverwritePayloadAsync(request, options), cancellationToken);
    }

    /// <summary>Replaces vectors and leaves the payloads; with a filter, only of points that it matches at that moment.</summary>
    /// <exception cref="QdrantException">A point is missing (<see cref="QdrantFailure.NotFound"/>), or another failure.</exception>
    /// <exception cref="VectorException">A vector is not fit to be sent; nothing was sent.</exception>
    public Task<ulong> UpdateVectorsAsync(
        string collection, IReadOnlyList<PointVectors> points, VectorExpectation? expectation = null, Filter? updateFilter = null,
        CancellationToken cancellationToken = default)
    {
        foreach (var point in points)
            VectorChecks.Require(collection, point.Id, point.Vectors, expectation);
        var request = new UpdatePointVectors { CollectionName = collection, Wait = true, Ordering = Strong, UpdateFilter = updateFilter };
        request.Points.AddRange(points);
        return WriteAsync("Update vectors", collection, updateFilter is null, options => _points.UpdateVectorsAsync(request, options), cancellationToken);
    }

    /// <summary>Makes a payload index like another collection's (<see cref="CollectionState.PayloadIndexes"/>).</summary>
    public Task<ulong> CreatePayloadIndexAsync(
        string collection, string field, PayloadSchemaInfo like, CancellationToken cancellationToken = default)
    {
        var request = new CreateFieldIndexCollection
        {
            CollectionName = collection,
            FieldName = field,
            FieldType = FieldTypeOf(like.DataType, field),
            FieldIndexParams = like.Params,
            Wait = true,
            Ordering = Strong,
        };
        return WriteAsync("Create payload index", collection, repeatable: true, options => _points.CreateFieldIndexAsync(request, options), cancellationToken);
    }

    private static WriteOrdering Strong => new() { Type = WriteOrderingType.Strong };

    private static SetPayloadPoints PayloadRequest(string collection, PointSelection points, MapField<string, Value> payload)
    {
        var request = new SetPayloadPoints { CollectionName = collection, Wait = true, Ordering = Strong, PointsSelector = points.Wire };
        request.Payload.Add(payload);
        return request;
    }

    private static FieldType FieldTypeOf(PayloadSchemaType type, string field) => type switch
    {
        PayloadSchemaType.Keyword => FieldType.Keyword,
        PayloadSchemaType.Integer => FieldType.Integer,
        PayloadSchemaType.Float => FieldType.Float,
        PayloadSchemaType.Geo => FieldType.Geo,
        PayloadSchemaType.Text => FieldType.Text,
        PayloadSchemaType.Bool => FieldType.Bool,
        PayloadSchemaType.Datetime => FieldType.Datetime,
        PayloadSchemaType.Uuid => FieldType.Uuid,
        _ => throw new ArgumentException($"the payload index of '{field}' has type {type}, which this version does not know", nameof(type)),
    };

    private async Task<ulong> WriteAsync(
        string operation, string collection, bool repeatable, Func<CallOptions, AsyncUnaryCall<PointsOperationResponse>> send,
        CancellationToken cancellationToken)
    {
        var call = new Call(operation, collection, _options.WriteTimeout, Writes: true, repeatable) { WritesPoints = true };
        var reply = await _caller.InvokeAsync(call, send, cancellationToken);
        if (reply.Result.Status == UpdateStatus.Completed)
            return reply.Result.OperationId;
        throw new QdrantException(
            $"{Failures.Subject(call, _options)} answered {reply.Result.Status}, expected {UpdateStatus.Completed}: it is accepted and may still be applied. "
            + "Treat the outcome as unknown and read back once the update queue is empty.")
        {
            Kind = QdrantFailure.Timeout,
            OutcomeUnknown = true,
            Operation = operation,
            Collection = collection,
        };
    }
}
