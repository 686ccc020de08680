using DriftGuard.Qdrant.Embedded.Points;
using Google.Protobuf;
using Qdrant.Client.Grpc;
using OperationCase = Qdrant.Client.Grpc.PointsUpdateOperation.OperationOneofCase;

namespace DriftGuard.Qdrant.Embedded.Operations;

/// <summary>One operation of an update batch, and the filter by which it selects points, for the limits of strict mode.</summary>
internal sealed record BatchOperation(Action<PointStore, WritePlan> Decide, Filter? Filter, int Upserts)
{
    public static BatchOperation Of(PointsUpdateOperation operation)
    {
        switch (operation.OperationCase)
        {
            case OperationCase.Upsert:
                UpsertRequest.RefuseShardKeys(operation.Upsert.ShardKeySelector);
                var inputs = operation.Upsert.Points.Select(point => PointInput.Read(point.ToByteArray())).ToArray();
                return new(Upsert.Of(inputs, operation.Upsert.UpdateFilter, operation.Upsert.UpdateMode), Filter: null, inputs.Length);
            case OperationCase.UpdateVectors:
                UpsertRequest.RefuseShardKeys(operation.UpdateVectors.ShardKeySelector);
                var vectors = operation.UpdateVectors.Points;
                return new(VectorOperations.Update(vectors, operation.UpdateVectors.UpdateFilter), Filter: null, vectors.Count);
            case OperationCase.DeletePoints:
                return On(operation.DeletePoints.Points, operation.DeletePoints.ShardKeySelector, Delete.Of);
            case OperationCase.DeleteDeprecated:
                return On(operation.DeleteDeprecated, shards: null, Delete.Of);
            case OperationCase.SetPayload:
                var set = operation.SetPayload;
                return On(set.PointsSelector, set.ShardKeySelector, points => PayloadOperations.Set(points, set.Payload, set.HasKey ? set.Key : null));
            case OperationCase.OverwritePayload:
                var overwrite = operation.OverwritePayload;
                return On(overwrite.PointsSelector, overwrite.ShardKeySelector,
                    points => PayloadOperations.Overwrite(points, overwrite.Payload, overwrite.HasKey ? overwrite.Key : null));
            case OperationCase.DeletePayload:
                var keys = operation.DeletePayload.Keys;
                return On(operation.DeletePayload.PointsSelector, operation.DeletePayload.ShardKeySelector, points => PayloadOperations.Delete(points, keys));
            case OperationCase.ClearPayload:
                return On(operation.ClearPayload.Points, operation.ClearPayload.ShardKeySelector, PayloadOperations.Clear);
            case OperationCase.ClearPayloadDeprecated:
                return On(operation.ClearPayloadDeprecated, shards: null, PayloadOperations.Clear);
            case OperationCase.DeleteVectors:
                var names = operation.DeleteVectors.Vectors?.Names ?? [];
                return On(operation.DeleteVectors.PointsSelector, operation.DeleteVectors.ShardKeySelector, points => VectorOperations.Delete(points, names));
            default:
                throw Refusal.Invalid("Operation is missing");
        }
    }

    private static BatchOperation On(PointsSelector? selector, ShardKeySelector? shards, Func<PointSelection, Action<PointStore, WritePlan>> operation)
    {
        UpsertRequest.RefuseShardKeys(shards);
        var selection = PointSelection.Of(selector);
        return new(operation(selection), selection.Filter, Upserts: 0);
    }
}
