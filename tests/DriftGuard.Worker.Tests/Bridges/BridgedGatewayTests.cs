using System.Net;
using System.Text.Json;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Tests.Gateway;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Bridges;

/// <summary>What the gateway answers, over HTTP, while the model of an index is gone and a bridge leads to its collection.</summary>
public sealed class BridgedGatewayTests
{
    private const string Search = "/v1/indexes/docs/search";
    private const string Points = "/v1/indexes/docs/points";
    private const string Route = "/v1/indexes/docs/route";

    [Fact]
    public async Task A_text_is_embedded_by_the_new_model_and_mapped_and_the_answer_says_so() => await AskAsync(async (gateway, world, bridge) =>
    {
        var mapped = bridge.MapQuery(world.New.VectorOf("word5 term5"));

        var byText = await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5 term5", "limit": 5}""");
        var byMapped = await gateway.DoAsync(HttpMethod.Post, Search, VectorOf(mapped, world.Old.Fingerprint.Id));
        var byNew = await gateway.DoAsync(HttpMethod.Post, Search, VectorOf(world.New.VectorOf("word5 term5"), world.New.Fingerprint.Id));
        var embedded = await gateway.DoAsync(HttpMethod.Post, "/v1/embeddings", """{"model": "docs", "input": ["word5 term5"]}""");

        byText.GetProperty("results").GetArrayLength().ShouldBe(5);
        JsonElement.DeepEquals(byMapped, byText).ShouldBeTrue(byMapped.ToString());
        JsonElement.DeepEquals(byNew, byText).ShouldBeTrue(byNew.ToString());
        embedded.GetProperty("data")[0].GetProperty("embedding").Deserialize<float[]>().ShouldBe(mapped);
        foreach (var answer in new[] { byText, embedded })
        {
            answer.GetProperty("fingerprint").GetString().ShouldBe(world.Old.Fingerprint.Id);
            answer.GetProperty("collection").GetString().ShouldBe(await world.ServedByAsync());
            ShouldBeOver(answer, bridge);
        }
    });

    [Fact]
    public async Task A_vector_of_neither_model_is_refused() => await AskAsync(async (gateway, world, bridge) =>
    {
        var (status, problem) = await gateway.CallAsync(HttpMethod.Post, Search, VectorOf(world.New.VectorOf("word5"), new string('e', 64)));
        status.ShouldBe(409, problem.ToString());
        ShouldBeOver(problem, bridge);
        problem.GetProperty("detail").GetString()!.ShouldContain(world.New.Fingerprint.Id);

        (status, problem) = await gateway.CallAsync(HttpMethod.Post, Search, VectorOf(world.Old.VectorOf("word5"), world.New.Fingerprint.Id));
        status.ShouldBe(400, problem.ToString());
        problem.GetProperty("detail").GetString()!.ShouldStartWith("vector has 32 components: those of new, which bridge");
    });

    [Fact]
    public async Task No_text_is_written_while_its_vector_cannot_be_made() => await AskAsync(async (gateway, world, _) =>
    {
        var before = await world.ReadAsync(await world.ServedByAsync());
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Put, Points, """{"points": [{"id": 900, "text": "a text of its own"}]}"""),
            (HttpMethod.Patch, Points, """{"points": [{"id": 5, "text": "another text"}]}"""),
            (HttpMethod.Patch, Points, """{"points": [{"id": 6, "payload": {"n": 1}}, {"id": 5, "text": "another text"}]}"""),
            (HttpMethod.Post, "/v1/embeddings", """{"model": "docs", "input": "a text", "input_type": "document"}"""),
        })
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            using var answer = await gateway.Client.SendAsync(request, Cancellation);
            var problem = await answer.Content.ReadAsStringAsync(Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, problem);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            problem.ShouldContain("documents of index 'docs' have vectors of old, and it makes none now");
            problem.ShouldContain(TestBridges.Retired);
        }

        var after = await world.ReadAsync(await world.ServedByAsync());
        after.Select(point => (point.Key, point.Value.Payload)).ShouldBe(before.Select(point => (point.Key, point.Value.Payload)));
        (await world.State.WriteTrafficAsync(IndexName, Cancellation)).UnderWay.ShouldBeFalse();
    });

    [Fact]
    public async Task What_needs_no_vector_is_written_all_the_same() => await AskAsync(async (gateway, world, bridge) =>
    {
        var before = (await world.ReadAsync(await world.ServedByAsync()))["5"];

        var edited = await gateway.DoAsync(HttpMethod.Patch, Points, """{"points": [{"id": 5, "payload": {"kind": "note"}}, {"id": 999, "payload": {"kind": "note"}}]}""");
        var deleted = await gateway.DoAsync(HttpMethod.Delete, Points, """{"ids": [6]}""");

        (edited.GetProperty("points").GetInt32(), edited.GetProperty("missing")[0].GetInt64()).ShouldBe((1, 999));
        ShouldBeOver(edited, bridge);
        ShouldBeOver(deleted, bridge);
        var there = await world.ReadAsync(await world.ServedByAsync());
        there.ShouldNotContainKey("6");
        there["5"].Payload.ShouldContain("kind: \"note\"");
        there["5"].Vector.ShouldBe(before.Vector);
        there["5"].Stamp.ShouldSatisfyAllConditions(
            stamp => stamp!.Fingerprint.ShouldBe(world.Old.Fingerprint.Id),
            stamp => stamp!.ContentHash.ShouldBe(before.Stamp!.ContentHash),
            stamp => stamp!.VectorSketch.ShouldBe(before.Stamp!.VectorSketch),
            stamp => stamp!.PayloadHash.ShouldNotBe(before.Stamp!.PayloadHash));
    });

    /// <summary>Without a stamp nothing says of which text a vector is.</summary>
    [Fact]
    public async Task A_vector_without_a_stamp_is_not_taken_for_that_of_its_text() => await AskAsync(async (gateway, world, _) =>
    {
        await world.UpsertAsync(7, TextOf(7), world.Old);

        var (status, problem) = await gateway.CallAsync(HttpMethod.Patch, Points, """{"points": [{"id": 7, "payload": {"kind": "note"}}]}""");

        status.ShouldBe(503, problem.ToString());
    });

    [Fact]
    public async Task The_route_tells_of_a_bridge_as_soon_as_it_begins_and_ends()
    {
        await using var world = await WithCorpusAsync(200);
        await using var gateway = await GatewayHost.StartAsync(world);
        using var first = await gateway.Client.GetAsync(new Uri(Route, UriKind.Relative), Cancellation);
        var waiting = PollAsync(gateway, first);

        world.RetireOld();
        var bridge = await world.BridgeAsync();
        using var bridged = await waiting;
        var route = await BodyOf(bridged);
        ShouldBeOver(route, bridge);
        route.GetProperty("bridge").GetProperty("spec").GetProperty("name").GetString().ShouldBe("new");
        bridged.Headers.ETag.ShouldNotBe(first.Headers.ETag);

        waiting = PollAsync(gateway, bridged);
        await world.Services.GetRequiredService<BridgeService>().EndAsync(IndexName, Cancellation);
        using var ended = await waiting;
        (await BodyOf(ended)).TryGetProperty("bridge", out _).ShouldBeFalse();
        ended.Headers.ETag.ShouldBe(first.Headers.ETag);
    }

    [Fact]
    public async Task A_bridge_ends_by_time()
    {
        await using var world = await WithCorpusAsync(200);
        await using var gateway = await GatewayHost.StartAsync(world);
        world.RetireOld();
        await world.BridgeAsync(TimeSpan.FromDays(1));
        await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5"}""");

        world.Time.PutForward(TimeSpan.FromDays(1));
        var (status, problem) = await gateway.CallAsync(HttpMethod.Post, Search, """{"text": "word5"}""");
        var vector = await gateway.CallAsync(HttpMethod.Post, Search, VectorOf(world.New.VectorOf("word5"), world.New.Fingerprint.Id));

        status.ShouldBe(503, problem.ToString());
        vector.Status.ShouldBe(409);
        (await world.Services.GetRequiredService<BridgeService>().ListAsync(IndexName, Cancellation)).Single().InUse.ShouldBeFalse();
        (await world.State.AuditAsync(IndexName, Cancellation)).ShouldContain(entry => entry.Event == "bridge_ended" && entry.Reason == BridgeEnd.Expired);
    }

    /// <summary>A rollout whose old model is gone: what users get over the bridge is what the new collection is held against, and the cutover ends it.</summary>
    [Fact]
    public async Task A_rollout_cuts_over_while_the_old_model_is_gone_and_ends_the_bridge() => await AskAsync(async (gateway, world, bridge) =>
    {
        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Preflight = true }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (rollout.FromModel, rollout.FromFingerprint).ShouldBe(("old", world.Old.Fingerprint.Id));
        var report = await world.ReportAsync(rollout);
        (report.Old.Model, report.Old.Fingerprint).ShouldBe(("new through a bridge to old", bridge.Report.Digest));
        report.Notes.ShouldContain(note => note.Contains(bridge.Report.Id, StringComparison.Ordinal) && note.Contains(TestBridges.Retired, StringComparison.Ordinal));
        var answer = await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5 term5"}""");
        answer.GetProperty("fingerprint").GetString().ShouldBe(world.New.Fingerprint.Id);
        answer.TryGetProperty("bridge", out _).ShouldBeFalse();
        (await world.Services.GetRequiredService<BridgeService>().ListAsync(IndexName, Cancellation)).Single().InUse.ShouldBeFalse();
        (await world.State.AuditAsync(IndexName, Cancellation)).ShouldContain(entry => entry.Event == "bridge_ended" && entry.Reason == BridgeEnd.CutOver);
    });

    [Fact]
    public async Task Without_a_bridge_a_rollout_from_a_model_that_is_gone_says_what_to_do()
    {
        await using var world = await WithCorpusAsync(200);
        world.RetireOld();

        var refused = await Should.ThrowAsync<OperatorException>(() => world.StartAsync());

        refused.Message.ShouldContain(TestBridges.Retired);
        refused.Message.ShouldContain("driftguard bridge fit docs --model NEW");
    }

    private static string VectorOf(float[] vector, string fingerprint) => $$"""{"vector": {{JsonSerializer.Serialize(vector)}}, "fingerprint": "{{fingerprint}}", "limit": 5}""";

    private static void ShouldBeOver(JsonElement answer, Bridge bridge)
    {
        var told = answer.GetProperty("bridge");
        told.GetProperty("id").GetString().ShouldBe(bridge.Report.Id);
        told.GetProperty("model").GetString().ShouldBe("new");
        told.GetProperty("fingerprint").GetString().ShouldBe(bridge.Report.ModelFingerprint);
        told.GetProperty("since").GetDateTimeOffset().ShouldBe(bridge.Report.At);
        told.GetProperty("until").GetDateTimeOffset().ShouldBe(bridge.Report.Until);
    }

    private static async Task<HttpResponseMessage> PollAsync(GatewayHost gateway, HttpResponseMessage known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Route}?wait=60") { Headers = { IfNoneMatch = { known.Headers.ETag! } } };
        return await gateway.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> BodyOf(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;

    private static async Task AskAsync(Func<GatewayHost, RolloutWorld, Bridge, Task> ask)
    {
        await using var world = await WithCorpusAsync(200);
        await using var gateway = await GatewayHost.StartAsync(world);
        world.RetireOld();
        await ask(gateway, world, await world.BridgeAsync());
    }
}
