using System.Globalization;
using DriftGuard.Core.Embedding;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>What passes by itself is waited out, as long as the server asks and no longer than makes sense.</summary>
public sealed class RepeatTests
{
    public static TheoryData<string> PassingFaults => [.. Passing.Keys];

    private static Dictionary<string, Fault> Passing => new(StringComparer.Ordinal)
    {
        ["408"] = Faults.Status(408),
        ["425"] = Faults.Status(425),
        ["429"] = Faults.Status(429, """{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"""),
        ["500"] = Faults.Status(500, "oops", "text/plain"),
        ["503"] = Faults.Status(503, """{"error":"loading","error_type":"Unhealthy"}"""),
        ["connection gone"] = Faults.Gone,
        ["connection gone in the middle"] = Faults.CutOff,
        ["html"] = Faults.Answer(_ => "<html>Bad gateway</html>", "text/html"),
        ["empty"] = Faults.Answer(_ => ""),
        ["half of the JSON"] = Faults.Answer(a => Answers.Of(a)[..50]),
        ["too few vectors"] = Faults.Answer(a => Answers.Of(a with { Body = new System.Text.Json.Nodes.JsonObject { ["input"] = new System.Text.Json.Nodes.JsonArray("one") } })),
        ["index twice"] = Faults.Replacing("\"index\":1", "\"index\":0"),
        ["index out of range"] = Faults.Replacing("\"index\":1", "\"index\":2"),
        ["negative index"] = Faults.Replacing("\"index\":1", "\"index\":-1"),
        ["no index"] = Faults.Replacing("\"index\":1,", ""),
        ["base64 cut off"] = Faults.Answer(a => Answers.Of(a, vector: t => $"\"{Answers.Base64(Answers.VectorOf(t))[..9]}\"")),
        ["bytes of half a float"] = Faults.Answer(a => Answers.Of(a, vector: t => $"\"{Convert.ToBase64String(new byte[30])}\"")),
        ["an object in place of a vector"] = Faults.Answer(a => Answers.Of(a, vector: _ => "{}")),
        ["another protocol"] = Faults.Answer(_ => "[[1,2,3]]"),
    };

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task What_passes_by_itself_is_tried_again_and_never_mixes_texts(string fault)
    {
        await using var server = (await MisbehavingServer.StartAsync()).Then(Passing[fault], Passing[fault]);
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["one", "two"], InputKind.Document);

        outcomes[0].Vector!.ShouldBe(Answers.Normalised("one"), 1e-6);
        outcomes[1].Vector!.ShouldBe(Answers.Normalised("two"), 1e-6);
        server.AskedForVectors.Count.ShouldBe(3);
        folder.Time.Waits.Count.ShouldBe(2);
        folder.Logs.Entries.Count(e => e.Message.Contains($"{server.Url}/embeddings")).ShouldBeGreaterThanOrEqualTo(2);
    }

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task What_does_not_pass_is_the_failure_of_the_call_and_says_where_and_what(string fault)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Passing[fault];
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "retries: 2");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one", "two"], InputKind.Document));

        exception.IsTransient.ShouldBeTrue();
        exception.Address.ShouldBe($"{server.Url}/embeddings");
        exception.Message.ShouldStartWith($"{server.Url}/embeddings: failed 3 times in a row, at last: ");
        server.AskedForVectors.Count.ShouldBe(3);
        model.Statistics.FailedTexts.ShouldBe(0, "no text is at fault");
    }

    [Fact]
    public async Task Waits_grow_unless_the_server_says_how_long()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);
        server.Then(Faults.Status(429, retryAfter: "7"), (context, asked) =>
            Faults.Status(503, retryAfter: (folder.Time.GetUtcNow() + TimeSpan.FromSeconds(90)).ToString("R", CultureInfo.InvariantCulture))(context, asked), Faults.Status(500), Faults.Status(500));
        using var model = folder.Open();

        await model.EmbedAsync(["one"], InputKind.Document);

        folder.Time.Waits.Take(2).ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(90)]);
        folder.Time.Waits.Skip(2).ShouldAllBe(wait => wait > TimeSpan.Zero && wait <= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_is_not_waited_for()
    {
        await using var server = (await MisbehavingServer.StartAsync()).Then(Faults.Status(429, """{"message":"trial limit"}""", retryAfter: "3600"));
        using var folder = new HttpModelFolder().Write(server.Url, "cohere");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));

        exception.Message.ShouldContain("status 429, trial limit.");
        exception.Message.ShouldContain("It asks to wait 1h, longer than the 2m that a call waits.");
        (exception.Status, exception.IsTransient).ShouldBe((429, true));
        folder.Time.Waits.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"no key"}}""", "put a valid one there")]
    [InlineData(403, "forbidden", "give it the right to use this model")]
    [InlineData(404, """{"detail":"Not Found"}""", "Check endpoint.url")]
    [InlineData(400, """{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}""", "Check the name under model.")]
    [InlineData(429, """{"error":{"message":"You exceeded your quota","code":"insufficient_quota"}}""", "Check the account's credit")]
    public async Task What_does_not_pass_by_itself_ends_the_call_at_once(int status, string body, string advice)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Status(status, body);
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one", "two"], InputKind.Document));

        (exception.Status, exception.IsTransient).ShouldBe((status, false));
        exception.Message.ShouldContain(advice);
        server.AskedForVectors.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_texts_and_the_key()
    {
        await using var elsewhere = await MisbehavingServer.StartAsync();
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Redirect($"{elsewhere.Url}/take?token=hidden");
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));

        exception.Message.ShouldContain($"status 307, a redirect to {elsewhere.Url}/take.");
        exception.Message.ShouldNotContain("hidden");
        exception.IsTransient.ShouldBeFalse();
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_time_of_an_attempt_covers_the_body()
    {
        var (time, hanging) = (new FakeTimeProvider(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var server = (await MisbehavingServer.StartAsync()).Then(Faults.Hangs(hanging));
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "retries: 0");
        using var model = folder.Open(time);

        var call = model.EmbedAsync(["one"], InputKind.Document).AsTask();
        await hanging.Task;
        time.Advance(TimeSpan.FromMinutes(20));

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(() => call);
        exception.Message.ShouldContain("expected a whole answer within 20m (endpoint.timeout); it did not come.");
        exception.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_at_once_in_a_request_and_in_a_wait()
    {
        var (time, hanging) = (new FakeTimeProvider(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var server = (await MisbehavingServer.StartAsync()).Then(Faults.Hangs(hanging));
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open(time);

        using var inRequest = new CancellationTokenSource();
        var call = model.EmbedAsync(["one"], InputKind.Document, inRequest.Token).AsTask();
        await hanging.Task;
        await inRequest.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);

        using var inWait = new CancellationTokenSource();
        server.Then(Faults.Status(429, retryAfter: "60"));
        var waiting = model.EmbedAsync(["one"], InputKind.Document, inWait.Token).AsTask();
        while (!folder.Logs.Entries.Any(e => e.Message.Contains("status 429")))
            await Task.Yield();
        await inWait.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        (await model.EmbedAsync(["one"], InputKind.Document))[0].IsEmbedded.ShouldBeTrue("the model goes on");
    }

    [Fact]
    public async Task A_model_that_is_disposed_ends_what_is_under_way()
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = (await MisbehavingServer.StartAsync()).Then(Faults.Hangs(hanging));
        using var folder = new HttpModelFolder().Write(server.Url);
        var model = folder.Open();

        var call = model.EmbedAsync(["one"], InputKind.Document).AsTask();
        await hanging.Task;
        model.Dispose();
        model.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(() => call);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await model.EmbedAsync(["one"], InputKind.Document));
    }

    [Fact]
    public async Task An_endpoint_that_is_down_is_left_alone_for_a_while_and_then_asked_again()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Status(500);
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "retries: 0");
        using var model = folder.Open();

        for (var i = 0; i < 10; i++)
            (await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document))).Status.ShouldBe(500);
        var open = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));
        server.Judge = _ => null;
        folder.Time.Advance(TimeSpan.FromSeconds(20));
        var outcome = (await model.EmbedAsync(["one"], InputKind.Document))[0];

        open.Message.ShouldContain("was not asked, since it failed");
        open.IsTransient.ShouldBeTrue();
        outcome.IsEmbedded.ShouldBeTrue();
        server.AskedForVectors.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_said_so()
    {
        string url;
        await using (var server = await MisbehavingServer.StartAsync())
            url = server.Url;
        using var folder = new HttpModelFolder().Write(url, endpoint: "retries: 1");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));

        exception.Message.ShouldStartWith($"{url}/embeddings: failed 2 times in a row, at last: nobody answers: ");
        (exception.Status, exception.IsTransient).ShouldBe((null, true));
    }
}
