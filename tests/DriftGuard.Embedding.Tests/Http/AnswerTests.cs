using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>What is in an answer is believed only where it can be true.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("openai", "[1,NaN,3,4,5,6,7,8]")]
    [InlineData("openai", "[1,-Infinity,3,4,5,6,7,8]")]
    [InlineData("openai", "[1,Infinity,3,4,5,6,7,8]")]
    [InlineData("openai", "[1,\"NaN\",3,4,5,6,7,8]")]
    [InlineData("openai", "[1,null,3,4,5,6,7,8]")]
    [InlineData("openai", "[1,1e60,3,4,5,6,7,8]")]
    [InlineData("openai", "base64")]
    [InlineData("cohere", "[1,NaN,3,4,5,6,7,8]")]
    [InlineData("tei", "[1,null,3,4,5,6,7,8]")]
    [InlineData("tei", "[NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN]")]
    public async Task A_vector_that_is_not_finite_is_the_failure_of_its_text_alone(string provider, string vector)
    {
        if (vector == "base64")
            vector = $"\"{Answers.Base64([1, float.NaN, 3, 4, 5, 6, 7, 8])}\"";
        var outcomes = await EmbedAsync(provider, vector);

        outcomes[0].Vector!.ShouldBe(Answers.Normalised("NaN and Infinity, \"quoted\""), 1e-6);
        outcomes[1].Failure.ShouldBe(EmbeddingFailures.NotFinite);
        outcomes[2].Vector!.ShouldBe(Answers.Normalised("good"), 1e-6);
    }

    [Fact]
    public async Task Null_in_place_of_a_vector_is_the_failure_of_its_text_alone()
    {
        var outcomes = await EmbedAsync("openai", "null");

        outcomes[1].Failure.ShouldBe(EmbeddingFailures.NoVector);
        outcomes[2].IsEmbedded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("[]", "found an empty list")]
    [InlineData("\"\"", "found an empty text")]
    public async Task A_vector_of_no_components_is_no_answer(string vector, string message) =>
        (await Should.ThrowAsync<EmbeddingProviderException>(async () => await EmbedAsync("openai", vector))).Message.ShouldContain(message);

    [Fact]
    public async Task A_refusal_that_quotes_half_an_emoji_is_a_refusal_still()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => asked.Texts.Contains("bad") ? Faults.Status(400, """{"error":{"message":"cannot read \ud83d"}}""") : null;
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["good", "bad", "fine"], InputKind.Document);

        outcomes.Select(o => o.IsEmbedded).ShouldBe([true, false, true]);
    }

    [Fact]
    public async Task A_damaged_compressed_answer_is_asked_for_again()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Then(async (context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(new byte[] { 0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
        });
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        (await model.EmbedAsync(["one"], InputKind.Document))[0].Vector!.ShouldBe(Answers.Normalised("one"), 1e-6);
        server.AskedForVectors.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("cohere")]
    [InlineData("tei")]
    public async Task A_zero_vector_is_the_failure_of_its_text_alone(string provider)
    {
        var outcomes = await EmbedAsync(provider, "[0,0,0,0,0,0,0,-0.0]");

        outcomes[1].Failure.ShouldBe(EmbeddingFailures.ZeroVector);
        outcomes[2].IsEmbedded.ShouldBeTrue();
    }

    [Fact]
    public async Task Vectors_belong_to_the_texts_of_their_indexes_whatever_their_order()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(asked =>
        {
            var items = asked.Texts.Select((t, i) => $$"""{"index":{{i}},"embedding":{{Answers.Numbers(Answers.VectorOf(t))}}}""").Reverse();
            return $$"""{"data":[{{string.Join(',', items)}}],"model":"m"}""";
        });
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();
        string[] texts = ["one", "two", "three", "four"];

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        for (var i = 0; i < texts.Length; i++)
            outcomes[i].Vector!.ShouldBe(Answers.Normalised(texts[i]), 1e-6);
    }

    [Theory]
    [InlineData("dimensions: 4\nmax_tokens: 8", "", "expected vectors of 4 dimensions; found 8. To keep the first 4 of a model that allows it, set native_dimensions: 8")]
    [InlineData("dimensions: 16\nmax_tokens: 8", "", "expected vectors of 16 dimensions; found 8. Correct dimensions")]
    [InlineData("dimensions: 4\nmax_tokens: 8", "send_dimensions: true", "endpoint.send_dimensions asks for 4, which this server does not heed: set it to false and native_dimensions: 8")]
    public async Task Another_length_than_the_spec_says_ends_the_call_with_what_to_do(string settings, string endpoint, string message)
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: endpoint, settings: settings);
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one", "two"], InputKind.Document));

        exception.Message.ShouldStartWith($"{server.Url}/embeddings: ");
        exception.Message.ShouldContain(message);
        exception.IsTransient.ShouldBeFalse();
        server.AskedForVectors.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => async (context, _) =>
        {
            var blanks = new byte[64 * 1024];
            Array.Fill(blanks, (byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
        };
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "retries: 0");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));

        exception.Message.ShouldContain("expected an answer of at most");
    }

    [Fact]
    public async Task A_web_page_is_quoted_by_its_beginning()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(_ => "<html>\n  <title>Sign in</title>" + new string('x', 1000), "text/html");
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "retries: 0");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));

        exception.Message.ShouldContain("expected JSON; found text/html: <html> <title>Sign in</title>xxx");
        exception.Message.Length.ShouldBeLessThan(600);
    }

    private static async Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(string provider, string vectorOfBad)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, vector: text => text == "bad" ? vectorOfBad : Answers.Numbers(Answers.VectorOf(text))));
        using var folder = new HttpModelFolder().Write(server.Url, provider);
        using var model = folder.Open();
        var outcomes = await model.EmbedAsync(["NaN and Infinity, \"quoted\"", "bad", "good"], InputKind.Document);
        server.AskedForVectors.Count.ShouldBe(1);
        return outcomes;
    }
}
