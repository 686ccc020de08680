using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Collections;

public sealed class PayloadCountsTests
{
    [Fact]
    public void Points_are_counted_again_only_when_they_changed()
    {
        var countings = 0;
        var counts = new PayloadCounts((type, field, points) =>
        {
            countings++;
            return PayloadIndexes.Count(type, field, points);
        });
        var points = new PointStore([]);
        ulong Count(PayloadSchemaType type) => counts.Of("n", type, points);

        Count(PayloadSchemaType.Integer).ShouldBe(0UL);
        Count(PayloadSchemaType.Integer).ShouldBe(0UL);
        countings.ShouldBe(1);

        using var plan = points.NewPlan();
        plan.Add(new PlannedRow(RowChange.Put, plan.TakeSlot(), PointKey.Of(1), PayloadBytes.Encode(Api.Point(1, [], ("n", 1)).Payload), 0, 0));
        points.Apply(plan, version: 1);

        Count(PayloadSchemaType.Integer).ShouldBe(1UL);
        Count(PayloadSchemaType.Integer).ShouldBe(1UL);
        countings.ShouldBe(2);
        Count(PayloadSchemaType.Keyword).ShouldBe(0UL, "another type is another count");
    }
}
