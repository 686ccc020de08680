using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>There are no snapshots here: the data folder is copied while the server is stopped.</summary>
internal sealed class SnapshotsService : Snapshots.SnapshotsBase
{
    public override Task<CreateSnapshotResponse> Create(CreateSnapshotRequest request, ServerCallContext context) => throw Refusal.Unsupported("snapshots");

    public override Task<ListSnapshotsResponse> List(ListSnapshotsRequest request, ServerCallContext context) => throw Refusal.Unsupported("snapshots");

    public override Task<DeleteSnapshotResponse> Delete(DeleteSnapshotRequest request, ServerCallContext context) => throw Refusal.Unsupported("snapshots");
}
