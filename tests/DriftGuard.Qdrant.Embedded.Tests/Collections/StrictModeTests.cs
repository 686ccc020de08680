using DriftGuard.Qdrant.Embedded.Collections;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Collections;

public sealed class StrictModeTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_rate_limit_refuses_when_it_is_used_up_and_refills_with_time()
    {
        var limits = Limits(new StrictModeConfig { Enabled = true, WriteRateLimit = 2 });
        limits.CheckWrite(filter: null, timeout: null);
        limits.CheckWrite(filter: null, timeout: null);

        var refusal = Should.Throw<RpcException>(() => limits.CheckWrite(filter: null, timeout: null));

        refusal.Status.ShouldBe(new Status(StatusCode.ResourceExhausted,
            "Rate limiting exceeded: Write rate limit exceeded: Operation requires 1 tokens but only 0.0 were available. Retry after 30s"));
        limits.CheckRead(filter: null, limit: null, timeout: null); // reads have their own
        _clock.Advance(TimeSpan.FromSeconds(30));
        limits.CheckWrite(filter: null, timeout: null);
    }

    [Fact]
    public void A_change_of_something_else_does_not_refill_a_rate_limit()
    {
        var config = new StrictModeConfig { Enabled = true, WriteRateLimit = 1 };
        var limits = Limits(config);
        limits.CheckWrite(filter: null, timeout: null);

        Should.Throw<RpcException>(() => limits.With(config.Clone()).CheckWrite(filter: null, timeout: null));
        limits.With(new StrictModeConfig { Enabled = false }).CheckWrite(filter: null, timeout: null);
    }

    [Fact]
    public void Limits_hold_only_while_strict_mode_is_on()
    {
        var config = new StrictModeConfig { UpsertMaxBatchsize = 1, MaxPointsCount = 5, FilterMaxConditions = 1, ConditionMaxSize = 1, SearchMaxBatchsize = 1 };
        var off = Limits(config);
        off.CheckUpsert(10, stored: 10);

        config.Enabled = true;
        var on = Limits(config);
        Message(() => on.CheckUpsert(2, stored: 0)).ShouldBe("Bad request: Limit exceeded 2 > 1 for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below 1.");
        Message(() => on.CheckUpsert(1, stored: 5)).ShouldBe("Bad request: Max points count limit of 5 reached!");
        Message(() => on.CheckBatch(2)).ShouldStartWith("Bad request: Limit exceeded 2 > 1 for \"search batch size\"");
        var ids = new Condition { HasId = new HasIdCondition { HasId = { new PointId { Num = 1 }, new PointId { Num = 2 } } } };
        Message(() => on.CheckWrite(new Filter { Must = { ids } }, timeout: null)).ShouldStartWith("Bad request: Condition size limit reached (2 > 1)");
        var two = new Filter { Must = { new Condition { Filter = new Filter { Should = { new Condition(), new Condition() } } } } };
        Message(() => on.CheckRead(two, limit: null, timeout: null)).ShouldStartWith("Bad request: Filter condition limit reached (2 > 1)");
    }

    [Fact]
    public void A_limit_that_is_not_enforced_is_refused_when_it_is_switched_on()
    {
        var config = new StrictModeConfig { UnindexedFilteringRetrieve = false };
        StrictMode.RefuseUnsupported(config);

        config.Enabled = true;
        var refusal = Should.Throw<RpcException>(() => StrictMode.RefuseUnsupported(config));

        refusal.StatusCode.ShouldBe(StatusCode.Unimplemented);
        refusal.Status.Detail.ShouldContain("unindexed_filtering_retrieve");
    }

    private static string Message(Action action) => Should.Throw<RpcException>(action).Status.Detail;

    private StrictMode Limits(StrictModeConfig config) => new(config, _clock);
}
