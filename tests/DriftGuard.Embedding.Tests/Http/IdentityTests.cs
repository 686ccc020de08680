using DriftGuard.Core.Embedding;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>Vectors of two models must not mix, and the name in the answers is the only thing that tells.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Answers_say_as_which_model_and_how_often()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, "ada-002-v2", "fp_1"));
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "max_texts_per_request: 1\nconcurrency: 1");
        using var model = folder.Open();
        var first = folder.Time.GetUtcNow();

        await model.EmbedAsync(["one"], InputKind.Document);
        folder.Time.Advance(TimeSpan.FromHours(1));
        await model.EmbedAsync(["two", "three"], InputKind.Document);

        model.Identities.ShouldHaveSingleItem().ShouldBe(new()
        {
            Model = "ada-002-v2",
            SystemFingerprint = "fp_1",
            FirstSeen = first,
            LastSeen = first + TimeSpan.FromHours(1),
            Answers = 3,
        });
    }

    [Fact]
    public async Task Another_model_in_the_middle_of_a_call_ends_it_and_every_later_one()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => Faults.Answer(a => Answers.Of(a, asked.Texts.Contains("text 50") ? "b" : "a"));
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "max_texts_per_request: 10\nconcurrency: 1");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () =>
            await model.EmbedAsync(Enumerable.Range(0, 100).Select(i => $"text {i}").ToArray(), InputKind.Document));

        exception.Message.ShouldContain("expected answers of model 'a'; found 'b'. Vectors of two models do not compare");
        exception.Message.ShouldContain("endpoint.answers_as");
        exception.IsTransient.ShouldBeFalse();
        model.Identities.ShouldHaveSingleItem().Model.ShouldBe("a", "what was refused is not known from then on");
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, "b"));
        await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));
    }

    [Fact]
    public async Task Another_model_than_before_the_model_was_opened_is_refused()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, "b"));
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open(known: [Known("a")]);

        (await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document))).Message
            .ShouldContain("expected answers of model 'a'; found 'b'.");
    }

    [Theory]
    [InlineData("a", "b", true)]
    [InlineData("b", "a", true)]
    [InlineData("a", "c", false)]
    [InlineData("c", "c", false)]
    public async Task Names_that_are_the_same_model_may_alternate(string first, string second, bool accepted)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Then(Faults.Answer(a => Answers.Of(a, first)), Faults.Answer(a => Answers.Of(a, second)));
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "answers_as: [a, b]");
        using var model = folder.Open();

        async Task BothAsync()
        {
            await model.EmbedAsync(["one"], InputKind.Document);
            await model.EmbedAsync(["two"], InputKind.Document);
        }

        if (accepted)
            await BothAsync();
        else
            await Should.ThrowAsync<EmbeddingProviderException>(BothAsync);
    }

    [Fact]
    public async Task Another_system_behind_the_same_name_is_recorded_and_warned_of()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Then(Faults.Answer(a => Answers.Of(a, "a", "fp_1")), Faults.Answer(a => Answers.Of(a, "a", "fp_2")));
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        await model.EmbedAsync(["one"], InputKind.Document);
        (await model.EmbedAsync(["two"], InputKind.Document))[0].IsEmbedded.ShouldBeTrue();

        model.Identities.Select(i => i.SystemFingerprint).ShouldBe(["fp_1", "fp_2"]);
        folder.Logs.Entries.Where(e => e.Level == LogLevel.Warning).ShouldHaveSingleItem().Message.ShouldContain("'fp_2', before with 'fp_1'");
    }

    [Fact]
    public async Task Two_models_on_record_are_one_too_many_unless_they_are_said_to_be_the_same()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, "a"));
        using var folder = new HttpModelFolder().Write(server.Url);
        using (var model = folder.Open(known: [Known("a"), Known("b")]))
        {
            (await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document))).Message
                .ShouldContain("answers as models 'a' and 'b' are on record.");
        }

        using var told = folder.Write(server.Url, endpoint: "answers_as: [a, b]").Open(known: [Known("a"), Known("b")]);
        (await told.EmbedAsync(["one"], InputKind.Document))[0].IsEmbedded.ShouldBeTrue();

        // Whom the settings do not name is not right because it is on record.
        using var other = folder.Write(server.Url, endpoint: "answers_as: [b]").Open(known: [Known("a"), Known("b")]);
        await Should.ThrowAsync<EmbeddingProviderException>(async () => await other.EmbedAsync(["one"], InputKind.Document));
    }

    [Fact]
    public async Task What_another_process_has_seen_is_taken_in_or_refused()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();
        await model.EmbedAsync(["one"], InputKind.Document);

        model.Recall([Known("tests/remote") with { SystemFingerprint = "fp_2" }]);
        Should.Throw<EmbeddingProviderException>(() => model.Recall([Known("b")]));

        model.Identities.Select(i => (i.Model, i.SystemFingerprint)).ShouldBe([("tests/remote", ""), ("tests/remote", "fp_2")]);
    }

    [Fact]
    public async Task Who_says_nothing_is_nobody_and_taken_as_such()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, "cohere");
        using var model = folder.Open();

        (await model.EmbedAsync(["one"], InputKind.Document))[0].IsEmbedded.ShouldBeTrue();

        model.Identities.ShouldBeEmpty();
    }

    [Fact]
    public async Task Info_says_which_model_and_how_many_texts_at_once()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Info = """{"model_id":"BAAI/bge-m3","model_sha":"5617a9f6","max_client_batch_size":4}""";
        using var folder = new HttpModelFolder().Write(server.Url, "tei");
        using var model = folder.Open();

        await model.EmbedAsync(Enumerable.Range(0, 10).Select(i => $"text {i}").ToArray(), InputKind.Document);

        model.Identities.ShouldHaveSingleItem().ShouldSatisfyAllConditions(i => i.Model.ShouldBe("BAAI/bge-m3@5617a9f6"), i => i.SystemFingerprint.ShouldBe(""));
        server.Asked[0].Target.ShouldBe("/info");
        server.AskedForVectors.Max(a => a.Texts.Count).ShouldBe(4);
    }

    [Fact]
    public async Task A_server_that_comes_back_with_another_model_is_found_out_before_its_vectors_are_used()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, "tei");
        using var model = folder.Open();
        await model.EmbedAsync(["one"], InputKind.Document);

        server.Then(async (context, asked) =>
        {
            server.Info = """{"model_id":"tests/another","model_sha":null}""";
            await Faults.Gone(context, asked);
        });

        (await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["two"], InputKind.Document))).Message
            .ShouldContain("expected answers of model 'tests/tei@abc'; found 'tests/another'.");
    }

    [Theory]
    [InlineData("""{"model_id":"tests/another","model_sha":"abc"}""")]
    [InlineData("""{"model_id":"tests/tei","model_sha":"abd"}""")]
    public async Task A_server_that_was_exchanged_between_two_requests_is_found_out_before_its_vectors_are_stored(string info)
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, "tei");
        using var model = folder.Open();
        await model.EmbedAsync(["one"], InputKind.Document);

        server.Info = info;

        await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["two"], InputKind.Document));
    }

    [Fact]
    public async Task A_fingerprint_for_each_answer_fills_no_memory()
    {
        await using var server = await MisbehavingServer.StartAsync();
        var answers = 0;
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, "a", $"fp_{Interlocked.Increment(ref answers)}"));
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        for (var i = 0; i < 40; i++)
            await model.EmbedAsync(["one"], InputKind.Document);

        model.Identities.Count.ShouldBe(17);
        model.Identities[^1].Answers.ShouldBe(24);
    }

    [Fact]
    public async Task For_searches_info_is_read_again_from_time_to_time()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, "tei");
        using var model = folder.Open();
        await model.EmbedAsync(["one"], InputKind.Query);
        server.Info = """{"model_id":"tests/another"}""";

        (await model.EmbedAsync(["two"], InputKind.Query))[0].IsEmbedded.ShouldBeTrue("nothing told of the change yet");
        folder.Time.Advance(TimeSpan.FromMinutes(1));

        await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["three"], InputKind.Query));
    }

    [Fact]
    public async Task A_probe_makes_one_request_and_says_dimensions_and_identity()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);

        ModelCatalog.Verify(folder.Directory).ShouldBeEmpty();
        server.Asked.ShouldBeEmpty();
        var probe = await ModelCatalog.ProbeAsync(folder.Directory);

        probe.Problems.ShouldBeEmpty();
        (probe.Dimensions, probe.Identity!.Model).ShouldBe((8, "tests/remote"));
        server.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_probe_that_fails_names_the_address()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Status(404, """{"detail":"Not Found"}""");
        using var folder = new HttpModelFolder().Write(server.Url);

        (await ModelCatalog.ProbeAsync(folder.Directory)).Problems.ShouldHaveSingleItem().ToString()
            .ShouldStartWith($"{server.Url}/embeddings: expected vectors; found status 404, Not Found.");
    }

    private static ProviderIdentity Known(string model) => new() { Model = model, FirstSeen = DateTimeOffset.UnixEpoch, LastSeen = DateTimeOffset.UnixEpoch };
}
