using System.ClientModel;
using System.Net;
using System.Text.Json;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Embeddings;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Gateway;

/// <summary>What the gateway answers, over HTTP.</summary>
public sealed class GatewayTests
{
    private const string Search = "/v1/indexes/docs/search";
    private const string Points = "/v1/indexes/docs/points";
    private const string Route = "/v1/indexes/docs/route";

    [Fact]
    public async Task The_official_OpenAI_client_gets_the_vectors_of_the_model_that_serves() => await AskAsync(async (gateway, world) =>
    {
        var client = new EmbeddingClient(IndexName, new ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new(gateway.Client.BaseAddress!, "/v1") });

        var one = await client.GenerateEmbeddingAsync("word5", cancellationToken: Cancellation);
        var several = await client.GenerateEmbeddingsAsync(["word5", "word6 term6"], cancellationToken: Cancellation);

        one.Value.ToFloats().ToArray().ShouldBe(world.Old.VectorOf("word5"));
        several.Value.Select(vector => vector.ToFloats().ToArray()).ShouldBe([world.Old.VectorOf("word5"), world.Old.VectorOf("word6 term6")]);
        several.Value.Model.ShouldBe(IndexName);
    });

    [Fact]
    public async Task Answers_say_by_what_they_were_made() => await AskAsync(async (gateway, world) =>
    {
        var answer = await gateway.DoAsync(HttpMethod.Post, "/v1/embeddings", """{"model": "docs", "input": ["word5"], "encoding_format": "float"}""");

        answer.GetProperty("data")[0].GetProperty("embedding").Deserialize<float[]>().ShouldBe(world.Old.VectorOf("word5"));
        answer.GetProperty("usage").GetProperty("total_tokens").GetInt64().ShouldBeGreaterThan(0);
        await ShouldBeOfAsync(answer, world, world.Old);
        await ShouldBeOfAsync(await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5 term5"}"""), world, world.Old);
    });

    [Fact]
    public async Task A_text_finds_what_a_vector_of_the_same_model_finds() => await AskAsync(async (gateway, world) =>
    {
        var byText = await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5 term5", "limit": 3}""");
        var vector = JsonSerializer.Serialize(world.Old.VectorOf("word5 term5"));
        var byVector = await gateway.DoAsync(HttpMethod.Post, Search, $$"""{"vector": {{vector}}, "fingerprint": "{{world.Old.Fingerprint.Id}}", "limit": 3}""");

        var results = byText.GetProperty("results");
        results.GetArrayLength().ShouldBe(3);
        results[0].GetProperty("id").GetInt64().ShouldBe(5);
        results[0].GetProperty("payload").GetProperty("text").GetString().ShouldBe(TextOf(5));
        results[0].GetProperty("payload").TryGetProperty("_driftguard", out _).ShouldBeFalse();
        JsonElement.DeepEquals(byVector, byText).ShouldBeTrue(byVector.ToString());
    });

    [Fact]
    public async Task A_vector_of_another_model_is_refused_with_the_fingerprint_that_holds() => await AskAsync(async (gateway, world) =>
    {
        var vector = JsonSerializer.Serialize(world.New.VectorOf("word5"));

        var (status, problem) = await gateway.CallAsync(HttpMethod.Post, Search, $$"""{"vector": {{vector}}, "fingerprint": "{{world.New.Fingerprint.Id}}"}""");

        status.ShouldBe(409, problem.ToString());
        await ShouldBeOfAsync(problem, world, world.Old);
    });

    [Fact]
    public async Task Filters_are_those_of_Qdrant() => await AskAsync(async (gateway, _) =>
    {
        var found = await gateway.DoAsync(HttpMethod.Post, Search, """
            {"text": "word5 term5", "limit": 20, "payload": ["id"], "filter": {
              "must": [{"has_id": [4, 5, 6, 7]}, {"key": "text", "match": {"any": ["word4 term4 theme4", "word5 term5 theme5", "word6 term6 theme6"]}}],
              "must_not": {"key": "id", "match": {"value": "6"}}}}
            """);

        found.GetProperty("results").EnumerateArray().Select(hit => hit.GetProperty("id").GetInt64()).Order().ShouldBe([4, 5]);
        found.GetProperty("results")[0].GetProperty("payload").EnumerateObject().Select(key => key.Name).ShouldBe(["id"]);
    });

    [Fact]
    public async Task Points_are_put_edited_and_deleted_by_their_texts() => await AskAsync(async (gateway, world) =>
    {
        var put = await gateway.DoAsync(HttpMethod.Put, Points, """{"points": [{"id": 900, "text": "a text of its own", "payload": {"kind": "note", "n": 1}}, {"id": 901, "text": "another"}]}""");
        (put.GetProperty("points").GetInt32(), put.GetProperty("missing").GetArrayLength()).ShouldBe((2, 0));
        var there = await world.ReadAsync(await world.ServedByAsync());
        there["900"].Payload.ShouldBe("kind: \"note\", n: 1, text: \"a text of its own\"");
        there["900"].Stamp!.Fingerprint.ShouldBe(world.Old.Fingerprint.Id);
        there["900"].Vector.ShouldBe(world.Old.VectorOf("a text of its own"));

        var edited = await gateway.DoAsync(HttpMethod.Patch, Points, """{"points": [{"id": 900, "text": "a new text", "payload": {"n": 2}, "unset": ["kind"]}, {"id": 999, "payload": {"n": 2}}]}""");
        (edited.GetProperty("points").GetInt32(), edited.GetProperty("missing")[0].GetInt64()).ShouldBe((1, 999));
        there = await world.ReadAsync(await world.ServedByAsync());
        there["900"].Payload.ShouldBe("n: 2, text: \"a new text\"");
        there["900"].Vector.ShouldBe(world.Old.VectorOf("a new text"));
        there.ShouldNotContainKey("999");

        await gateway.DoAsync(HttpMethod.Delete, Points, """{"ids": [900, 901, 902]}""");
        there = await world.ReadAsync(await world.ServedByAsync());
        there.ShouldNotContainKey("900");
        there.ShouldNotContainKey("901");
    });

    [Fact]
    public async Task Edits_of_one_point_at_once_are_all_in_it() => await AskAsync(async (gateway, world) =>
    {
        const int Edits = 12;

        await Task.WhenAll(Enumerable.Range(0, Edits).Select(i => gateway.DoAsync(HttpMethod.Patch, Points, $$$"""{"points": [{"id": 5, "payload": {"k{{{i}}}": {{{i}}}}}]}""")));

        var payload = (await world.ReadAsync(await world.ServedByAsync()))["5"].Payload;
        foreach (var i in Enumerable.Range(0, Edits))
            payload.ShouldContain($"k{i}: {i}");
    });

    [Fact]
    public async Task A_text_that_cannot_be_embedded_refuses_the_whole_call() => await AskAsync(async (gateway, world) =>
    {
        var (status, problem) = await gateway.CallAsync(HttpMethod.Put, Points, """{"points": [{"id": 900, "text": "good"}, {"id": 901, "payload": {"n": 1}}]}""");

        (status, problem.GetProperty("detail").GetString()!).ShouldSatisfyAllConditions(
            refused => refused.status.ShouldBe(422),
            refused => refused.Item2.ShouldContain("point 901: it has no text in field 'text'"));
        (await world.ReadAsync(await world.ServedByAsync())).ShouldNotContainKey("900");
        (await world.State.WriteTrafficAsync(IndexName, Cancellation)).UnderWay.ShouldBeFalse();
    });

    [Fact]
    public async Task A_route_is_told_anew_as_soon_as_it_changes() => await AskAsync(async (gateway, world) =>
    {
        using var first = await gateway.Client.GetAsync(new Uri(Route, UriKind.Relative), Cancellation);
        var route = JsonDocument.Parse(await first.Content.ReadAsStringAsync(Cancellation)).RootElement;
        route.GetProperty("model").GetProperty("name").GetString().ShouldBe("old");
        await ShouldBeOfAsync(route, world, world.Old);

        (await PollAsync(gateway, first.Headers.ETag!, "?wait=0.2")).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        var waiting = PollAsync(gateway, first.Headers.ETag!, "?wait=60");
        (await world.RunAsync(await world.StartAsync())).Phase.ShouldBe(RolloutPhase.Completed);
        using var then = await waiting;

        then.StatusCode.ShouldBe(HttpStatusCode.OK);
        var now = JsonDocument.Parse(await then.Content.ReadAsStringAsync(Cancellation)).RootElement;
        await ShouldBeOfAsync(now, world, world.New);
        now.GetProperty("epoch").GetInt64().ShouldBeGreaterThan(route.GetProperty("epoch").GetInt64());
    });

    [Fact]
    public async Task Who_waits_for_another_route_is_answered_at_once_where_the_gateway_is_about_to_stop() => await AskAsync(async (gateway, _) =>
    {
        using var first = await gateway.Client.GetAsync(new Uri(Route, UriKind.Relative), Cancellation);
        var waiting = PollAsync(gateway, first.Headers.ETag!, "?wait=50");

        await gateway.Services.GetRequiredService<Draining>().RunAsync(TimeSpan.Zero, Cancellation);

        using var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(40), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    });

    [Theory]
    [InlineData("POST", Search, "", 400, "the body is no JSON")]
    [InlineData("POST", Search, "[1]", 400, "the body is no JSON object")]
    [InlineData("POST", Search, """{"text": "a", "text": "b"}""", 400, "the body is no JSON")]
    [InlineData("POST", Search, """{"text": "\ud800"}""", 400, "the body has a text that is no Unicode")]
    [InlineData("POST", Search, "{}", 400, "expected either text, or vector with fingerprint")]
    [InlineData("POST", Search, """{"vector": [1]}""", 400, "vector comes without fingerprint")]
    [InlineData("POST", Search, """{"vector": [1], "fingerprint": "abc"}""", 400, "fingerprint is 'abc'")]
    [InlineData("POST", Search, """{"vector": [1e99], "fingerprint": "abc"}""", 400, "vector has 1e99: expected numbers")]
    [InlineData("POST", Search, """{"text": "a", "limit": 0}""", 400, "limit is 0: expected a whole number from 1 to 10000")]
    [InlineData("POST", Search, """{"text": "a", "limits": 1}""", 400, "the body has a key 'limits'; known are")]
    [InlineData("POST", Search, """{"text": " "}""", 422, "text 0 cannot be embedded")]
    [InlineData("PUT", Points, """{"points": [{"id": 1, "text": "a", "payload": {"n": [1e400]}}]}""", 400, "points[0].payload holds a number beyond 64 bits")]
    [InlineData("POST", Search, """{"text": "a", "filter": {"must": [{"key": "n", "range": {"gt": "x"}}]}}""", 400, "gt is 'x': expected a time")]
    [InlineData("POST", Search, """{"text": "a", "filter": {"must": [{"key": "n"}]}}""", 400, "filter.must[0] tests its key by 0 things")]
    [InlineData("POST", Search, """{"text": "a", "filter": {"most": []}}""", 400, "filter has a key 'most'; known are must, should, must_not, min_should")]
    [InlineData("POST", "/v1/indexes/nope/search", """{"text": "a"}""", 404, "there is no index 'nope'; known: docs")]
    [InlineData("POST", "/v1/embeddings", """{"model": "nope", "input": "a"}""", 404, "there is no index 'nope'")]
    [InlineData("POST", "/v1/embeddings", """{"model": "docs", "input": [1, 2]}""", 400, "input has 1: expected texts; numbers of tokens are not taken")]
    [InlineData("POST", "/v1/embeddings", """{"model": "docs", "input": []}""", 400, "0 texts are to be embedded")]
    [InlineData("POST", "/v1/embeddings", """{"model": "docs", "input": "a", "dimensions": 7}""", 400, "dimensions is 7: model old of index 'docs' makes vectors of 32")]
    [InlineData("PUT", Points, """{"points": []}""", 400, "points has 0 entries")]
    [InlineData("PUT", Points, """{"points": [{"id": 1, "text": "a"}, {"id": 1, "text": "b"}]}""", 400, "point 1 is there 2 times")]
    [InlineData("PUT", Points, """{"points": [{"id": -1, "text": "a"}]}""", 400, "points[0].id has -1: expected the id of a point")]
    [InlineData("PUT", Points, """{"points": [{"id": 1, "text": "a", "payload": {"text": "b"}}]}""", 400, "points[0] has its text twice")]
    [InlineData("PUT", Points, """{"points": [{"id": 1, "text": "a", "payload": {"_driftguard": {}}}]}""", 400, "points[0] writes '_driftguard'")]
    [InlineData("DELETE", Points, """{"ids": ["x"]}""", 400, "ids has \"x\": expected the id of a point")]
    [InlineData("GET", Route + "?wait=soon", null, 400, "wait is 'soon': expected a number of seconds")]
    public async Task A_mistake_is_a_problem_that_names_it(string method, string path, string? body, int status, string detail) => await AskAsync(async (gateway, world) =>
    {
        var before = await world.ReadAsync(await world.ServedByAsync());

        var (answered, problem) = await gateway.CallAsync(HttpMethod.Parse(method), path, body);

        answered.ShouldBe(status, problem.ToString());
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith(detail);
        (await world.ReadAsync(await world.ServedByAsync())).Keys.ShouldBe(before.Keys);
    });

    [Fact]
    public async Task A_filter_beyond_its_limits_is_refused() => await AskAsync(async (gateway, _) =>
    {
        var many = string.Join(", ", Enumerable.Repeat("""{"is_null": {"key": "k"}}""", 1_001));
        var values = string.Join(", ", Enumerable.Range(0, 10_001));
        var deep = string.Concat(Enumerable.Repeat("""{"must": [""", 40)) + string.Concat(Enumerable.Repeat("]}", 40));

        foreach (var (filter, detail) in new[] { ($$"""{"should": [{{many}}]}""", "more than 1000 conditions"), ($$$"""{"must": {"has_id": [{{{values}}}]}}""", "more than 10000 values"), (deep, "depth") })
        {
            var (status, problem) = await gateway.CallAsync(HttpMethod.Post, Search, $$$"""{"text": "a", "filter": {{{filter}}}}""");
            status.ShouldBe(400, problem.ToString());
            problem.GetProperty("detail").GetString()!.ShouldContain(detail);
        }
    });

    [Fact]
    public async Task A_body_beyond_its_limit_is_refused() => await AskAsync(async (gateway, _) =>
    {
        var (status, _) = await gateway.CallAsync(HttpMethod.Post, Search, $$"""{"text": "{{new string('a', 17 * 1024 * 1024)}}"}""");

        status.ShouldBe(413);
    });

    [Fact]
    public async Task A_flood_of_one_client_is_refused_and_harms_no_other()
    {
        await using var world = await WithCorpusAsync(200);
        await using var gateway = await GatewayHost.StartAsync(world, new() { RequestsOfAClient = 2, ConcurrentReads = 4 });
        await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5"}"""); // the route is known
        using var stuck = new SemaphoreSlim(0);
        using var inside = new SemaphoreSlim(0);
        world.Old.Before = async cancellation =>
        {
            inside.Release();
            await stuck.WaitAsync(cancellation);
        };
        var flood = Enumerable.Range(0, 2).Select(_ => AsAsync("one", """{"text": "word5"}""")).ToList();
        foreach (var _ in flood)
            await inside.WaitAsync(Cancellation);

        var refused = await AsAsync("one", """{"text": "word5"}""");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("2 requests of this client are worked on already");
        var other = AsAsync("another", """{"text": "word6"}""");
        stuck.Release(3);
        (await other).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Task.WhenAll(flood)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);

        async Task<HttpResponseMessage> AsAsync(string key, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Search) { Content = new StringContent(body), Headers = { Authorization = new("Bearer", key) } };
            return await gateway.Client.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public async Task Bodies_of_one_client_that_come_slowly_are_refused_beyond_their_limit_and_harm_no_other() => await AskAsync(async (gateway, _) =>
    {
        await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5"}""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var bodies = Enumerable.Range(0, 4).Select(_ => new NeverSent(16 * 1024 * 1024)).ToList();
        var slow = bodies.Select(body => SendAsync(body, stop.Token)).ToList();
        foreach (var body in bodies)
            await body.Asked.WaitAsync(Cancellation);

        var refused = await SendAsync(new StringContent("""{"text": "word5"}"""), Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("too much is sent at a time");
        await gateway.DoAsync(HttpMethod.Post, Search, """{"text": "word5"}"""); // by its address, another client
        await stop.CancelAsync();
        (await Task.WhenAll(slow.Select(sending => sending.ContinueWith(sent => sent.IsCanceled || sent.IsFaulted, TaskScheduler.Default)))).ShouldAllBe(ended => ended);

        async Task<HttpResponseMessage> SendAsync(HttpContent body, CancellationToken cancellation)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Search) { Content = body, Headers = { Authorization = new("Bearer", "slow"), ExpectContinue = true } };
            return await gateway.Client.SendAsync(request, cancellation);
        }
    });

    /// <summary>A body that says its length, and of which nothing more comes.</summary>
    private sealed class NeverSent(long length) : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Done once the gateway has let it in, and asks for it.</summary>
        public Task Asked => _asked.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await stream.WriteAsync("{"u8.ToArray(), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }

    private static async Task<HttpResponseMessage> PollAsync(GatewayHost gateway, System.Net.Http.Headers.EntityTagHeaderValue known, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Route + query) { Headers = { IfNoneMatch = { known } } };
        return await gateway.Client.SendAsync(request, Cancellation);
    }

    private static async Task ShouldBeOfAsync(JsonElement answer, RolloutWorld world, HashEmbedder model)
    {
        answer.GetProperty("index").GetString().ShouldBe(IndexName);
        answer.GetProperty("fingerprint").GetString().ShouldBe(model.Fingerprint.Id);
        answer.GetProperty("collection").GetString().ShouldBe(await world.ServedByAsync());
        (await world.AliasesAsync()).Keys.ShouldContain(alias => alias.StartsWith($"{IndexName}.e{answer.GetProperty("epoch").GetInt64()}.", StringComparison.Ordinal));
    }

    private static async Task AskAsync(Func<GatewayHost, RolloutWorld, Task> ask)
    {
        await using var world = await WithCorpusAsync(200);
        await using var gateway = await GatewayHost.StartAsync(world);
        await ask(gateway, world);
    }
}
