using System.Text.Json.Nodes;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>What is sent, to the last member: a server that is strict refuses what it does not know.</summary>
public sealed class RequestTests
{
    private const string Usual = "dimensions: 8\nmax_tokens: 512";

    public static TheoryData<string, string, string, string, string, string> Requests() => new()
    {
        { "openai", Usual, "", "document", "/embeddings", """{"model":"tests/remote","input":["one","zwei \u00e9\u732b\ud83d\ude00"],"encoding_format":"base64"}""" },
        {
            "openai", $"{Usual}\nprefixes: {{ query: 'query: ' }}", "encoding: float\nsend_dimensions: true\nuser: driftguard", "query", "/embeddings",
            """{"model":"tests/remote","input":["query: one","query: zwei \u00e9\u732b\ud83d\ude00"],"encoding_format":"float","dimensions":8,"user":"driftguard"}"""
        },
        {
            "openai", Usual, "query: { api-version: '2024-10-21' }", "document", "/embeddings?api-version=2024-10-21",
            """{"model":"tests/remote","input":["one","zwei \u00e9\u732b\ud83d\ude00"],"encoding_format":"base64"}"""
        },
        {
            "cohere", Usual, "", "query", "/embed",
            """{"model":"tests/remote","texts":["one","zwei \u00e9\u732b\ud83d\ude00"],"input_type":"search_query","embedding_types":["float"],"truncate":"END"}"""
        },
        {
            "cohere", "dimensions: 8\nnative_dimensions: 16\nmax_tokens: 512\nover_long: refuse\nembedding_type: int8\nnormalisation: none", "", "document", "/embed",
            """{"model":"tests/remote","texts":["one","zwei \u00e9\u732b\ud83d\ude00"],"input_type":"search_document","embedding_types":["int8"],"truncate":"NONE","output_dimension":8}"""
        },
        { "tei", Usual, "", "document", "/embed", """{"inputs":["one","zwei \u00e9\u732b\ud83d\ude00"],"truncate":true,"normalize":true}""" },
        {
            "tei", $"{Usual}\nnormalisation: none\nover_long: refuse\ninput_types: {{ query: search }}", "", "query", "/embed",
            """{"inputs":["one","zwei \u00e9\u732b\ud83d\ude00"],"truncate":false,"normalize":false,"prompt_name":"search"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_is_what_the_provider_takes(string provider, string settings, string endpoint, string kind, string target, string body)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = asked => asked.IsCohere && settings.Contains("int8") ? Faults.Answer(a => Answers.Of(a, vector: _ => "[-128,127,0,1,2,3,4,5]")) : null;
        using var folder = new HttpModelFolder().Write(server.Url, provider, endpoint, settings);
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["one", "zwei \u00e9\u732b\ud83d\ude00"], Enum.Parse<InputKind>(kind, ignoreCase: true));

        outcomes.ShouldAllBe(o => o.IsEmbedded);
        var asked = server.AskedForVectors.ShouldHaveSingleItem();
        asked.Target.ShouldBe(target);
        asked.Body.ToJsonString().ShouldBe(JsonNode.Parse(body)!.ToJsonString());
        asked.Headers["Content-Type"].ShouldBe("application/json");
        asked.Headers["User-Agent"].ShouldStartWith("DriftGuard/");
        asked.Headers.ShouldNotContainKey("Authorization");
    }

    [Theory]
    [InlineData("openai", "")]
    [InlineData("openai", "encoding: float")]
    [InlineData("cohere", "")]
    [InlineData("tei", "")]
    public async Task Each_text_gets_its_own_vector_normalised_and_cut(string provider, string endpoint)
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, provider, $"{endpoint}\nmax_texts_per_request: 7\nconcurrency: 3{(provider == "cohere" ? "\nsend_dimensions: false" : "")}", "dimensions: 5\nnative_dimensions: 8\nmax_tokens: 512");
        using var model = folder.Open();
        var texts = Enumerable.Range(0, 100).Select(i => $"text {i}").ToArray();

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        for (var i = 0; i < texts.Length; i++)
            outcomes[i].Vector!.ShouldBe(Answers.Normalised(texts[i], 5), 1e-6);
        server.AskedForVectors.Count.ShouldBe(15);
        server.AskedForVectors.SelectMany(a => a.Texts).Order().ShouldBe(texts.Order(), "each is sent once");
        model.Statistics.Texts.ShouldBe(100);
    }

    [Fact]
    public async Task Numbers_are_taken_where_base64_was_asked_for()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Faults.Answer(a => Answers.Of(a, vector: text => Answers.Numbers(Answers.VectorOf(text))));
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        (await model.EmbedAsync(["one"], InputKind.Document))[0].Vector!.ShouldBe(Answers.Normalised("one"), 1e-6);
    }

    [Fact]
    public async Task Bytes_are_widened_unscaled()
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Then(Faults.Answer(a => Answers.Of(a, vector: _ => "[-128,127,0,1,2,3,4,5]")));
        using var folder = new HttpModelFolder().Write(server.Url, "cohere", settings: "dimensions: 8\nmax_tokens: 512\nembedding_type: int8\nnormalisation: none");
        using var model = folder.Open();

        (await model.EmbedAsync(["one"], InputKind.Document))[0].Vector.ShouldBe([-128, 127, 0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Nothing_is_asked_before_there_is_a_text_and_nothing_for_texts_that_can_have_no_vector()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);
        using var model = folder.Open();

        var outcomes = await model.EmbedAsync(["", " \n", "a\ud800"], InputKind.Document);

        outcomes.Select(o => o.Failure).ShouldBe([EmbeddingFailures.EmptyText, EmbeddingFailures.EmptyText, EmbeddingFailures.LoneSurrogate]);
        (await model.EmbedAsync([], InputKind.Document)).ShouldBeEmpty();
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_description_says_where_and_how_much_and_no_parameter()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write($"{server.Url}/v1/", endpoint: "query: { code: hidden-code }\nrequests_per_minute: 3000");
        using var model = folder.Open();

        model.Description.ShouldBe($"openai at {server.Url}/v1, up to 256 texts and 100000 estimated tokens a request, 4 requests at once, "
            + "3000 requests a minute, any number of tokens a minute, 20m and up to 6 attempts a request");
    }
}
