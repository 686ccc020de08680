using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>What is refused together is sent in halves; what is refused alone is that text's failure, unless it is not about the text.</summary>
public sealed class HalvingTests
{
    public static TheoryData<string, int, string> TooMany() => new()
    {
        { "openai", 413, "payload too large" },
        { "openai", 400, """{"error":{"message":"Too many inputs. The max number of inputs is 3.","type":"invalid_request_error"}}""" },
        { "openai", 400, """{"error":{"message":"Requested 9 tokens, max 3 tokens per request","code":"max_tokens_per_request"}}""" },
        { "openai", 500, """{"error":{"code":500,"message":"input is too large to process. increase the physical batch size"}}""" },
        { "cohere", 400, """{"message":"invalid request: total number of texts must be at most 3 - received 10"}""" },
        { "tei", 422, """{"error":"batch size 10 > maximum allowed batch size 3","error_type":"Validation"}""" },
        { "tei", 413, """{"error":"batch size 10 > maximum allowed batch size 3","error_type":"Validation"}""" },
    };

    [Theory]
    [MemberData(nameof(TooMany))]
    public async Task Too_many_texts_go_in_halves(string provider, int status, string body)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => asked.Texts.Count > 3 ? Faults.Status(status, body) : null;
        using var folder = new HttpModelFolder().Write(server.Url, provider, "concurrency: 1");
        using var model = folder.Open();
        var texts = Enumerable.Range(0, 10).Select(i => $"text {i}").ToArray();

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        for (var i = 0; i < texts.Length; i++)
            outcomes[i].Vector!.ShouldBe(Answers.Normalised(texts[i]), 1e-6);
        server.AskedForVectors.Select(a => a.Texts.Count).ShouldBe([10, 5, 2, 3, 5, 2, 3]);
        folder.Time.Waits.ShouldBeEmpty("nothing passes by itself here");
    }

    [Theory]
    [InlineData("openai", 400, """{"error":{"message":"This model's maximum context length is 8192 tokens, however you requested 9000"}}""")]
    [InlineData("openai", 400, """{"error":"the input length exceeds the context length"}""")]
    [InlineData("openai", 500, """{"error":{"message":"input (9000 tokens) is too large to process. increase the physical batch size"}}""")]
    [InlineData("cohere", 400, """{"message":"too many tokens: total number of tokens cannot exceed 512 - received 900"}""")]
    [InlineData("tei", 413, """{"error":"Input validation error: `inputs` must have less than 512 tokens. Given: 534","error_type":"Validation"}""")]
    public async Task A_text_that_is_too_long_even_alone_fails_and_no_other(string provider, int status, string body)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => asked.Texts.Contains("long") ? Faults.Status(status, body) : null;
        using var folder = new HttpModelFolder().Write(server.Url, provider, settings: "dimensions: 8\nmax_tokens: 512\nover_long: refuse");
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["a", "b", "long", "c"], InputKind.Document);

        outcomes.Select(o => o.IsEmbedded).ShouldBe([true, true, false, true]);
        outcomes[2].Failure.ShouldStartWith("the provider refused the text as too long: ");
        outcomes[2].IsOverLong.ShouldBeTrue();
    }

    [Theory]
    [InlineData("openai", 400, """{"error":{"message":"'$.input' is invalid."}}""")]
    [InlineData("cohere", 498, """{"message":"blocked input"}""")]
    [InlineData("tei", 422, """{"error":"Tokenization error","error_type":"Tokenizer"}""")]
    public async Task A_text_that_is_refused_takes_no_neighbour_with_it(string provider, int status, string body)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => asked.Texts.Contains("bad") ? Faults.Status(status, body) : null;
        using var folder = new HttpModelFolder().Write(server.Url, provider);
        using var model = folder.Open();

        var together = await model.EmbedAsync(["a", "b", "bad", "c", "d"], InputKind.Document);
        var alone = await model.EmbedAsync(["bad"], InputKind.Document);

        together.Select(o => o.IsEmbedded).ShouldBe([true, true, false, true, true]);
        together[2].Failure.ShouldStartWith("the provider refused the text: ");
        alone[0].Failure.ShouldBe(together[2].Failure);
    }

    [Fact]
    public async Task A_refusal_that_a_harmless_text_gets_too_ends_the_call_and_blames_no_text()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Status(400, """{"object":"error","message":"dimensions is currently not supported","type":"BadRequestError","code":400}""");
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "send_dimensions: true");
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () =>
            await model.EmbedAsync(Enumerable.Range(0, 64).Select(i => $"text {i}").ToArray(), InputKind.Document));

        exception.Message.ShouldContain("dimensions is currently not supported");
        exception.Message.ShouldContain("A harmless text is refused as well, so it is not about the texts.");
        exception.IsTransient.ShouldBeFalse();
        server.AskedForVectors.Count.ShouldBe(8, "halves down to one text, and the harmless one");
        model.Statistics.FailedTexts.ShouldBe(0);
    }
}
