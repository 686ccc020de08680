using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Tests.Specs;

public sealed class EndpointFieldsTests
{
    private const string OpenAI = """
        name: large
        provider: openai
        model: text-embedding-3-large
        dimensions: 256
        native_dimensions: 3072
        max_tokens: 8191
        endpoint:
          url: https://example.openai.azure.com/openai/deployments/large
          api_key_file: /run/secrets/key
          api_key_header: api-key
          query: { api-version: '2024-10-21' }
          headers: { x-team: search }
          user: driftguard
          encoding: float
          send_dimensions: true
          max_texts_per_request: 16
          max_tokens_per_request: 8000
          concurrency: 2
          requests_per_minute: 300
          tokens_per_minute: 100000
          timeout: 90s
          retries: 3
          answers_as: [a, b]
        """;

    private const string Cohere = """
        name: cohere
        provider: cohere
        model: embed-v4.0
        dimensions: 1024
        max_tokens: 512
        input_types: { query: search_query, document: search_document }
        embedding_type: uint8
        endpoint: { url: 'https://api.cohere.com/v2' }
        """;

    private const string Tei = """
        name: tei
        provider: tei
        model: BAAI/bge-m3
        dimensions: 1024
        max_tokens: 512
        endpoint: { url: 'http://localhost:8080' }
        """;

    [Fact]
    public void Every_key_reaches_the_settings()
    {
        var (spec, endpoint) = Read(OpenAI);

        (spec.Provider, spec.Dimensions, spec.NativeDimensions, spec.Tokenizer, spec.Files.Count).ShouldBe(("openai", 256, 3072, null, 0));
        endpoint.ShouldNotBeNull();
        endpoint.ShouldBeEquivalentTo(new EndpointSettings
        {
            Url = new("https://example.openai.azure.com/openai/deployments/large"),
            ApiKeyFile = "/run/secrets/key",
            ApiKeyHeader = "api-key",
            Query = new Dictionary<string, string> { ["api-version"] = "2024-10-21" },
            Headers = new Dictionary<string, string> { ["x-team"] = "search" },
            User = "driftguard",
            Encoding = NumberEncoding.Float,
            SendDimensions = true,
            TextsPerRequest = 16,
            TokensPerRequest = 8000,
            Concurrency = 2,
            RequestsPerMinute = 300,
            TokensPerMinute = 100_000,
            Timeout = TimeSpan.FromSeconds(90),
            Retries = 3,
            AnswersAs = endpoint.AnswersAs,
        });
        endpoint.AnswersAs.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(OpenAI, 16)]
    [InlineData(Cohere, 96)]
    [InlineData(Tei, 32)]
    public void Each_provider_has_its_usual_figures(string yaml, int texts) => Read(yaml).Endpoint!.TextsPerRequest.ShouldBe(texts);

    [Fact]
    public void Cohere_is_told_what_texts_are_and_which_numbers_are_wanted()
    {
        var spec = Read(Cohere).Spec;

        (spec.QueryInputType, spec.DocumentInputType, spec.EmbeddingType).ShouldBe(("search_query", "search_document", EmbeddingType.UInt8));
    }

    [Fact]
    public void Where_and_how_a_provider_is_asked_is_no_part_of_the_fingerprint()
    {
        var elsewhere = string.Join('\n', OpenAI.Split('\n').Take(7)) + "\n  url: http://localhost:4000/v1\n";

        Fingerprint.Of(Read(elsewhere).Spec).ShouldBe(Fingerprint.Of(Read(OpenAI).Spec));
    }

    [Theory]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\npooling: mean", 7, "pooling is for provider: onnx")]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\noutput: x", 7, "output is for provider: onnx")]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\nbatching: single", 7, "batching is for provider: onnx")]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\ninput_types: { query: a, document: b }", 7, "input_types are not part of what openai servers take")]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\nembedding_type: int8", 7, "embedding_type is for provider: cohere")]
    [InlineData(OpenAI, "max_tokens: 8191", "max_tokens: 8191\nover_long: chunk-mean", 7, "over_long: chunk-mean needs to know the tokens of a text")]
    [InlineData(OpenAI, "api_key_header: api-key", "api_key_env: KEY", 10, "endpoint has api_key_file and api_key_env: expected one of them.")]
    [InlineData(OpenAI, "api_key_file: /run/secrets/key", "", 10, "endpoint.api_key_header needs api_key_file or api_key_env.")]
    [InlineData(OpenAI, "x-team: search", "API-Key: s", 12, "endpoint.headers has 'API-Key', the header of the API key")]
    [InlineData(OpenAI, "x-team: search", "'x team': s", 12, "'x team' is no name of a header.")]
    [InlineData(OpenAI, "x-team: search", "x-team: caf\u00e9", 12, "the value of header 'x-team' has characters that no header can carry.")]
    [InlineData(OpenAI, "{ x-team: search }", "search", 12, "endpoint.headers must be a mapping of names to texts.")]
    [InlineData(OpenAI, "encoding: float", "encoding: base32", 14, "endpoint.encoding is 'base32': expected base64 or float.")]
    [InlineData(OpenAI, "max_texts_per_request: 16", "max_texts_per_request: 4096", 16, "expected a whole number from 1 to 2048.")]
    [InlineData(OpenAI, "concurrency: 2", "concurrency: 0", 18, "endpoint.concurrency is '0': expected a whole number from 1 to 256.")]
    [InlineData(OpenAI, "timeout: 90s", "timeout: 90", 21, "endpoint.timeout is '90': expected a duration from 1s to 30m.")]
    [InlineData(OpenAI, "retries: 3", "retries: -1", 22, "endpoint.retries is '-1': expected a whole number from 0 to 20.")]
    [InlineData(OpenAI, "retries: 3", "retrys: 3", 22, "unknown key 'endpoint.retrys': did you mean 'retries'?")]
    [InlineData(Tei, "8080'", "8080', colour: red", 6, "unknown key 'endpoint.colour': known are answers_as, api_key_env, api_key_file, api_key_header,")]
    [InlineData(OpenAI, "api_key_file: /run/secrets/key", "api_key_file:", 9, "endpoint.api_key_file is empty.")]
    [InlineData(OpenAI, "answers_as: [a, b]", "answers_as: a", 23, "endpoint.answers_as must be a list of texts.")]
    [InlineData(OpenAI, "https://example", "ftp://example", 8, "endpoint.url: expected an absolute address that begins with http:// or https://.")]
    [InlineData(OpenAI, "https://example", "https://user:word@example", 8, "endpoint.url holds a user or password: use api_key_file or api_key_env.")]
    [InlineData(OpenAI, "deployments/large", "deployments/large?a=b", 8, "put parameters under endpoint.query.")]
    [InlineData(Cohere, "input_types: { query: search_query, document: search_document }\n", "", 1, "input_types is missing")]
    [InlineData(Cohere, ", document: search_document", "", 6, "input_types.document is missing.")]
    [InlineData(Cohere, "embedding_type: uint8", "embedding_type: binary", 7, "expected float or int8 or uint8.")]
    [InlineData(Cohere, "/v2'", "/v2', encoding: float", 8, "endpoint.encoding has no meaning with provider: cohere.")]
    [InlineData(Cohere, "/v2'", "/v2', max_texts_per_request: 97", 8, "expected a whole number from 1 to 96.")]
    [InlineData(Tei, "8080'", "8080', send_dimensions: true", 6, "endpoint.send_dimensions has no meaning with provider: tei.")]
    [InlineData(Tei, "endpoint: { url: 'http://localhost:8080' }", "", 1, "endpoint is missing.")]
    public void What_is_wrong_is_said_with_its_line(string yaml, string right, string wrong, int line, string message)
    {
        yaml.ShouldContain(right);
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse(yaml.Replace(right, wrong, StringComparison.Ordinal), "dir/model.yaml", problems);

        var problem = problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain(message);
        problem.ToString().ShouldStartWith($"dir/model.yaml:{line}: ");
        problem.Message.ShouldNotContain("user:word");
    }

    [Fact]
    public void All_that_contradicts_the_provider_is_said_at_once()
    {
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse($"{OpenAI}\n  colour: red\npooling: mean\nbatching: single\nembedding_type: int8\n", "model.yaml", problems);

        problems.Select(p => p.Line).ShouldBe([24, 25, 26, 27], ignoreOrder: true);
    }

    private static ModelDefinition Read(string yaml)
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Parse(yaml, "model.yaml", problems);
        problems.ShouldBeEmpty();
        return definition!;
    }
}
