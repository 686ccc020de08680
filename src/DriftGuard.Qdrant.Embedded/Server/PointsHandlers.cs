using DriftGuard.Qdrant.Embedded.Wire;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>The methods of the service <c>qdrant.Points</c> as <see cref="PointsBinding"/> binds them.</summary>
[BindServiceMethod(typeof(ServiceBinding), nameof(ServiceBinding.Bind))]
internal abstract class PointsHandlers
{
    public abstract Task<PointsOperationResponse> Upsert(WireRequest request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> Delete(DeletePoints request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> UpdateVectors(UpdatePointVectors request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> DeleteVectors(DeletePointVectors request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> SetPayload(SetPayloadPoints request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> OverwritePayload(SetPayloadPoints request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> DeletePayload(DeletePayloadPoints request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> ClearPayload(ClearPayloadPoints request, ServerCallContext context);

    public abstract Task<UpdateBatchResponse> UpdateBatch(UpdateBatchPoints request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> CreateFieldIndex(CreateFieldIndexCollection request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> DeleteFieldIndex(DeleteFieldIndexCollection request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> CreateVectorName(CreateVectorNameRequest request, ServerCallContext context);

    public abstract Task<PointsOperationResponse> DeleteVectorName(DeleteVectorNameRequest request, ServerCallContext context);

    public abstract Task<WireWriter> Get(GetPoints request, ServerCallContext context);

    public abstract Task<WireWriter> Scroll(ScrollPoints request, ServerCallContext context);

    public abstract Task<CountResponse> Count(CountPoints request, ServerCallContext context);

    public abstract Task<WireWriter> Query(QueryPoints request, ServerCallContext context);

    public abstract Task<WireWriter> QueryBatch(QueryBatchPoints request, ServerCallContext context);
}
