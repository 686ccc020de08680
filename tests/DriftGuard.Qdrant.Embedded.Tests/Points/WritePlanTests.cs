using DriftGuard.Qdrant.Embedded.Operations;
using DriftGuard.Qdrant.Embedded.Points;
using Google.Protobuf;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Points;

public sealed class WritePlanTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue + 1L)]
    [InlineData(4L * int.MaxValue)]
    public void More_numbers_than_an_array_holds_are_refused_by_name(long floats)
    {
        using var plan = new WritePlan(freeSlots: 0, nextSlot: 0, _ => 0);

        var refusal = Should.Throw<RpcException>(() => plan.Reserve(floats));

        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refusal.Status.Detail.ShouldContain("split it");
    }

    [Fact]
    public void Room_is_made_for_the_vectors_that_came_and_not_for_all_that_a_point_may_have()
    {
        var spaces = Enumerable.Range(0, 100).Select(key => new VectorSpace(key, $"v{key}", key == 0 ? 4 : 60_000, Distance.Dot));
        var points = new PointStore(spaces);
        var vectors = Api.Named(("v0", [1, 2, 3, 4])).ToByteArray();
        PointInput[] inputs = [.. Enumerable.Range(0, 40).Select(id => new PointInput(PointKey.Of((ulong)id), [], vectors))];
        using var plan = points.NewPlan();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Upsert.Of(inputs, updateFilter: null, UpdateMode.Upsert)(points, plan);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000_000, "the names that no point has would take 950 MB");
        plan.Rows.Count.ShouldBe(40);
    }
}
