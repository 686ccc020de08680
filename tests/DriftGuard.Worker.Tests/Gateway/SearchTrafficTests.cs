using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Tests.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>Gateways count what the searches of each collection are like, and a rollout goes back where they are worse.</summary>
public sealed class SearchTrafficTests
{
    private const string Search = $"/v1/indexes/{IndexName}/search";

    [Fact]
    public async Task Searches_are_counted_by_what_became_of_them()
    {
        await using var world = await WithCorpusAsync(200);
        await using (var gateway = await GatewayHost.StartAsync(world))
        {
            for (var document = 1; document <= 3; document++)
                await gateway.DoAsync(HttpMethod.Post, Search, $$"""{"text": "{{TextOf(document)}}"}""");
            await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word1", "filter": {"must": [{"key": "text", "match": {"value": "no such text"}}]}}""");

            // Mistakes of callers are theirs.
            (await gateway.CallAsync(HttpMethod.Post, Search, """{"text": 5}""")).Status.ShouldBe(400);
            (await gateway.CallAsync(HttpMethod.Post, Search, $$"""{"vector": [1], "fingerprint": "{{new string('a', 64)}}"}""")).Status.ShouldBe(409);
            (await gateway.CallAsync(HttpMethod.Post, "/v1/indexes/none/search", """{"text": "word1"}""")).Status.ShouldBe(404);
            var refused = await gateway.CallAsync(HttpMethod.Post, Search, """{"text": "word1", "filter": {"must": [{"key": "!!no path", "match": {"value": 1}}]}}""");
            (refused.Status, refused.Body.GetProperty("detail").GetString()!.Contains("Invalid json path", StringComparison.Ordinal)).ShouldBe((400, true));
            world.Old.Before = _ => throw new DriftGuard.Embedding.EmbeddingProviderException("http://models", "it is down");
            (await gateway.CallAsync(HttpMethod.Post, Search, """{"text": "word1"}""")).Status.ShouldBe(503);
        }

        var figures = await CountedAsync(world, await world.ServedByAsync());
        (figures.Searches, figures.Failed, figures.Empty, figures.Latency.Count).ShouldBe((5, 1, 1, 5));
    }

    [Fact]
    public async Task Two_gateways_add_up()
    {
        await using var world = await WithCorpusAsync(200);
        await using (var one = await GatewayHost.StartAsync(world))
        {
            await one.DoAsync(HttpMethod.Post, Search, """{"text": "word1"}""");
            await using var another = await GatewayHost.StartAsync(world, state: await world.OpenStateAsync());
            await another.DoAsync(HttpMethod.Post, Search, """{"text": "word2"}""");
        }

        (await CountedAsync(world, await world.ServedByAsync())).Searches.ShouldBe(2);
    }

    [Fact]
    public async Task A_new_model_that_goes_down_after_the_cutover_is_left_again()
    {
        await using var world = await WithCorpusAsync(200);
        Rollout rollout;
        await using (var gateway = await GatewayHost.StartAsync(world))
        {
            await SearchAsync(gateway, 60, 200);
            world.Time.PutForward(TimeSpan.FromMinutes(2));
            rollout = await world.RunToSoakAsync(Quick with { SoakCheckInterval = TimeSpan.FromMinutes(1), Fence = FenceMode.Gateway });
            await SearchAsync(gateway, 5, 200);

            world.New.Before = _ => throw new DriftGuard.Embedding.EmbeddingProviderException("http://models", "it is down");
            await SearchAsync(gateway, 60, 503);
            var counted = await EventuallyCountedAsync(world, rollout.Green, 65);
            counted.Failed.ShouldBe(60);
            for (var look = 1; look <= 2; look++)
            {
                world.Time.PutForward(TimeSpan.FromMinutes(2));
                rollout = await world.RunAsync(rollout, decision =>
                    decision.Phase.IsEnd() || world.FindAsync(rollout).GetAwaiter().GetResult().LastSoakCheck is { Breach: false, Live.Worse: 1 });
            }

            rollout.Phase.ShouldBe(RolloutPhase.RolledBack, rollout.Message);
            rollout.Message.ShouldContain("fail (before: 0.0 %");
            await SearchAsync(gateway, 5, 200);
        }
    }

    private static async Task SearchAsync(GatewayHost gateway, int times, int status)
    {
        for (var i = 1; i <= times; i++)
            (await gateway.CallAsync(HttpMethod.Post, Search, $$"""{"text": "{{TextOf(i)}}"}""")).Status.ShouldBe(status);
    }

    private static async Task<SearchFigures> CountedAsync(RolloutWorld world, string collection) => SearchFigures.Sum(
        (await world.State.SearchMinutesAsync(IndexName, collection, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancellation)).Select(minute => minute.Figures));

    /// <summary>Counts are kept every few seconds.</summary>
    private static async Task<SearchFigures> EventuallyCountedAsync(RolloutWorld world, string collection, long searches)
    {
        while (true)
        {
            if (await CountedAsync(world, collection) is var counted && counted.Searches >= searches)
                return counted;
            await Task.Delay(50, Cancellation);
        }
    }
}
