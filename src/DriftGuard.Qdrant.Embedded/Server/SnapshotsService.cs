using DriftGuard.Qdrant.Embedded.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Snapshots over gRPC; their files come and go over HTTP (<see cref="SnapshotRoutes"/>), as in Qdrant.</summary>
[BindServiceMethod(typeof(ServiceBinding), nameof(ServiceBinding.Bind))]
internal sealed class SnapshotsService(CollectionSnapshots snapshots, TimeProvider clock) : Snapshots.SnapshotsBase
{
    public override async Task<CreateSnapshotResponse> Create(CreateSnapshotRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        return new() { SnapshotDescription = Described(await snapshots.CreateAsync(request.CollectionName, context.CancellationToken)), Time = Elapsed(start) };
    }

    public override Task<ListSnapshotsResponse> List(ListSnapshotsRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        return Task.FromResult(new ListSnapshotsResponse { SnapshotDescriptions = { snapshots.List(request.CollectionName).Select(Described) }, Time = Elapsed(start) });
    }

    public override Task<DeleteSnapshotResponse> Delete(DeleteSnapshotRequest request, ServerCallContext context)
    {
        var start = clock.GetTimestamp();
        CollectionRules.CheckName(request.CollectionName);
        return snapshots.Delete(request.CollectionName, request.SnapshotName)
            ? Task.FromResult(new DeleteSnapshotResponse { Time = Elapsed(start) })
            : throw Refusal.NoSnapshot(request.SnapshotName);
    }

    private double Elapsed(long start) => clock.GetElapsedTime(start).TotalSeconds;

    private static SnapshotDescription Described(SnapshotOnDisk snapshot) => new()
    {
        Name = snapshot.Name,
        CreationTime = snapshot.At.ToTimestamp(),
        Size = snapshot.Bytes,
        Checksum = snapshot.Checksum,
    };
}
