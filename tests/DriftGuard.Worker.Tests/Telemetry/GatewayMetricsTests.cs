using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Tests.Gateway;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Telemetry;

/// <summary>What the gateway measures of requests.</summary>
public sealed class GatewayMetricsTests
{
    [Fact]
    public async Task Requests_are_counted_by_route_index_and_outcome()
    {
        await using var world = await WithCorpusAsync(100);
        await using var gateway = await GatewayHost.StartAsync(world);
        using var measured = new MeasuredMetrics(gateway.Services);

        await gateway.CallAsync(HttpMethod.Post, "/v1/indexes/docs/search", """{"text":"word1"}""");
        await gateway.CallAsync(HttpMethod.Post, "/v1/embeddings", """{"model":"docs","input":"word1"}""");
        await gateway.CallAsync(HttpMethod.Post, "/v1/indexes/docs/search", """{"txet":"word1"}""");
        await gateway.CallAsync(HttpMethod.Post, "/v1/indexes/docs/search", $$"""{"vector":[1],"fingerprint":"{{new string('a', 64)}}"}""");
        await gateway.CallAsync(HttpMethod.Put, "/v1/indexes/docs/points", """{"points":[{"id":7,"text":"word7"}]}""");
        await gateway.CallAsync(HttpMethod.Get, "/v1/indexes/docs/route");

        measured.Of(GatewayMetrics.Requests).Select(one => $"{one.Tags["route"]} {one.Tags["index"]} {one.Tags["outcome"]}").ShouldBe(
        [
            "search docs answered", "embeddings docs answered", "search docs refused", "search docs conflict", "put docs answered", "route docs answered",
        ]);
        measured.Of(GatewayMetrics.Refused).ShouldHaveSingleItem().Tags["reason"].ShouldBe(RefusalReasons.OtherModel);
    }

    [Fact]
    public async Task Of_names_that_are_no_index_there_is_one_series()
    {
        await using var world = await WithCorpusAsync(100);
        await using var gateway = await GatewayHost.StartAsync(world);
        using var measured = new MeasuredMetrics(gateway.Services);

        for (var i = 0; i < 500; i++)
        {
            await gateway.CallAsync(HttpMethod.Post, $"/v1/indexes/{Uri.EscapeDataString($"no\n\"{i}")}/search", """{"text":"word1"}""");
            await gateway.CallAsync(HttpMethod.Post, "/v1/embeddings", $$"""{"model":"nobody-{{i}}","input":"word1"}""");
        }

        measured.Of(GatewayMetrics.Requests).Select(one => $"{one.Tags["route"]} {one.Tags["index"]}").Distinct(StringComparer.Ordinal)
            .ShouldBe(["search unknown", "embeddings unknown"], ignoreOrder: true);
    }

    [Fact]
    public async Task Requests_beyond_what_a_client_may_have_under_way_are_counted_with_why()
    {
        await using var world = await WithCorpusAsync(100);
        await using var gateway = await GatewayHost.StartAsync(world, new() { RequestsOfAClient = 1 });
        using var measured = new MeasuredMetrics(gateway.Services);
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Old.Before = async _ =>
        {
            asked.TrySetResult();
            await goOn.Task;
        };

        var first = gateway.CallAsync(HttpMethod.Post, "/v1/indexes/docs/search", """{"text":"word1"}""");
        await asked.Task.WaitAsync(Cancellation);
        (await gateway.CallAsync(HttpMethod.Post, "/v1/indexes/docs/search", """{"text":"word2"}""")).Status.ShouldBe(429);
        goOn.SetResult();
        (await first).Status.ShouldBe(200);

        measured.Of(GatewayMetrics.Refused).ShouldHaveSingleItem().Tags["reason"].ShouldBe(RefusalReasons.Client);
        measured.Of(GatewayMetrics.Requests).Select(one => one.Tags["outcome"]).ShouldBe(["too_many", "answered"]);
    }

    [Fact]
    public async Task A_write_that_a_fence_holds_is_counted_while_it_waits_and_measured_afterwards()
    {
        await using var world = await WithCorpusAsync(100);
        using var measured = new MeasuredMetrics(world.Services);
        await world.State.HoldWritesAsync(IndexName, "test", TimeSpan.FromMinutes(1), Cancellation);

        var write = world.WriteAsync(1, "word1 written");
        while (Waiting(measured) == 0)
        {
            await Task.Yield();
        }

        write.IsCompleted.ShouldBeFalse();
        await world.State.ReleaseHoldAsync(IndexName, "test", Cancellation);
        await write;

        Waiting(measured).ShouldBe(0);
        measured.Of(GatewayMetrics.WriteWait).ShouldHaveSingleItem().Tags.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["index"] = IndexName, ["reason"] = "fence" });
    }

    private static double Waiting(MeasuredMetrics measured) => measured.Of(GatewayMetrics.WritesWaiting).Sum(one => one.Value);
}
