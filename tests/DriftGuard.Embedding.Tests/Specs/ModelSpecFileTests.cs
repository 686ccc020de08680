using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Tests.Specs;

public sealed class ModelSpecFileTests
{
    private const string Sha = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";

    private const string Complete = $$"""
        name: e5
        provider: onnx
        model: intfloat/e5-small-v2
        revision: main
        files:
          graph: { path: model.onnx, sha256: {{Sha}} }
          vocabulary: { path: vocab.txt, sha256: {{Sha}} }
        tokenizer: { kind: wordpiece, lower_case: false }
        prefixes: { query: "query: ", document: "passage: " }
        max_tokens: 512
        dimensions: 128
        native_dimensions: 384
        pooling: output
        output: sentence_embedding
        normalisation: none
        distance: dot
        batching: batched
        """;

    [Fact]
    public void Every_key_reaches_the_spec()
    {
        var spec = Read(Complete);

        spec.ShouldBeEquivalentTo(new ModelSpec
        {
            Name = "e5",
            Provider = "onnx",
            Model = "intfloat/e5-small-v2",
            Revision = "main",
            Files = new List<ModelFile> { new("graph", "model.onnx", Sha), new("vocabulary", "vocab.txt", Sha) },
            Tokenizer = new() { LowerCase = false, StripAccents = false },
            QueryPrefix = "query: ",
            DocumentPrefix = "passage: ",
            MaxTokens = 512,
            Dimensions = 128,
            NativeDimensions = 384,
            Pooling = Pooling.Output,
            Output = "sentence_embedding",
            Normalisation = Normalisation.None,
            Distance = VectorDistance.Dot,
            Batching = Batching.Batched,
        });
    }

    [Fact]
    public void Order_comments_white_space_quotes_and_stated_defaults_do_not_change_the_fingerprint()
    {
        var other = Complete.Split('\n').Select((line, i) => (line, i)).ToList();
        var files = string.Join('\n', other.Skip(4).Take(3).Select(l => l.line));
        var rest = other.Where(l => l.i is < 4 or > 6).Select(l => l.line).Reverse();
        var shuffled = $"# a comment\n\n{string.Join("   # why\n\n", rest)}\n{files}\nover_long: truncate\n"
            .Replace("name: e5", "name:    'another label'", StringComparison.Ordinal)
            .Replace("lower_case: false", "strip_accents: false, lower_case: false", StringComparison.Ordinal);

        Fingerprint.Of(Read(shuffled)).ShouldBe(Fingerprint.Of(Read(Complete)));
    }

    [Theory]
    [InlineData("native_dimensions: 384", "nativeDimensions: 384", 12, "unknown key 'nativeDimensions': did you mean 'native_dimensions'?")]
    [InlineData("prefixes: {", "prefixes: { qurey: a,", 9, "unknown key 'prefixes.qurey': did you mean 'query'?")]
    [InlineData("graph: {", "graph: { checksum: a,", 6, "unknown key 'files.graph.checksum': known are path, sha256.")]
    [InlineData("lower_case: false", "colour: red", 8, "unknown key 'tokenizer.colour': known are kind, lower_case, strip_accents.")]
    [InlineData("max_tokens: 512", "max_tokens: many", 10, "max_tokens is 'many': expected a whole number of 1 or more.")]
    [InlineData("max_tokens: 512", "max_tokens: 2", 10, "max_tokens is 2: expected 3 or more")]
    [InlineData("dimensions: 128", "dimensions: 0", 11, "dimensions is '0': expected a whole number of 1 or more.")]
    [InlineData("native_dimensions: 384", "native_dimensions: 64", 12, "native_dimensions is 64, less than dimensions (128)")]
    [InlineData("pooling: output", "pooling: max", 13, "pooling is 'max': expected mean or cls or output.")]
    [InlineData("lower_case: false", "lower_case: no", 8, "tokenizer.lower_case is 'no': expected true or false.")]
    [InlineData("kind: wordpiece", "kind: byte-pairs", 8, "tokenizer.kind is 'byte-pairs': expected wordpiece or unigram or bpe or tiktoken.")]
    [InlineData("provider: onnx", "provider: onyx", 2, "provider is 'onyx': expected onnx, openai, cohere or tei.")]
    [InlineData("distance: dot", "distance: dot\nendpoint: { url: 'http://localhost' }", 17, "endpoint is for providers that are asked over HTTP")]
    [InlineData("distance: dot", "distance: dot\ninput_types: { query: a, document: b }", 17, "input_types is for providers that are asked over HTTP")]
    [InlineData("distance: dot", "distance: dot\nembedding_type: int8", 17, "embedding_type is for providers that are asked over HTTP")]
    [InlineData("path: model.onnx", "path: ../model.onnx", 6, "files.graph.path is '../model.onnx': expected a path inside the model's folder.")]
    [InlineData("path: model.onnx", "path: /model.onnx", 6, "expected a path inside the model's folder.")]
    [InlineData("onnx, sha256: " + Sha, "onnx, sha256: 1234", 6, "files.graph.sha256 is '1234': expected 64 hex digits.")]
    [InlineData("model: intfloat/e5-small-v2", "model: [a, b]", 3, "model must be a single value.")]
    [InlineData("name: e5", "name:", 1, "name is empty.")]
    [InlineData("tokenizer: { kind: wordpiece, lower_case: false }", "tokenizer: wordpiece", 8, "tokenizer must be a mapping")]
    [InlineData("output: sentence_embedding", "", 1, "output is missing.")]
    [InlineData("distance: dot", "distance: dot\ndistance: dot", 17, "not YAML: ")]
    [InlineData("name: e5", "name: 'e5", 1, "not YAML: ")]
    public void What_is_wrong_is_said_with_its_line(string right, string wrong, int line, string message)
    {
        Complete.ShouldContain(right);
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse(Complete.Replace(right, wrong, StringComparison.Ordinal), "dir/model.yaml", problems);

        var problem = problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain(message);
        problem.ToString().ShouldStartWith($"dir/model.yaml:{line}: ");
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_refused_or_read_but_never_throws()
    {
        for (var length = 0; length < Complete.Length; length++)
        {
            var problems = new List<ModelProblem>();
            var spec = ModelSpecFile.Parse(Complete[..length], "model.yaml", problems);
            (spec is not null || problems.Count > 0).ShouldBeTrue($"{length} characters");
        }
    }

    [Fact]
    public void All_problems_are_said_at_once()
    {
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse("nam: a\npooling: max\nfiles: { graph: {} }\n", "model.yaml", problems);

        problems.Select(p => p.Message).ShouldBe(
        [
            "dimensions is missing.",
            "pooling is 'max': expected mean or cls or output.",
            "name is missing.",
            "provider is missing.",
            "model is missing.",
            "files.graph.path is missing.",
            "files.graph.sha256 is missing.",
            "files.vocabulary is missing.",
            "max_tokens is missing.",
            "tokenizer is missing.",
            "unknown key 'nam': did you mean 'name'?",
        ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    public void A_file_that_is_no_mapping_is_refused(string yaml)
    {
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse(yaml, "model.yaml", problems).ShouldBeNull();

        problems.ShouldHaveSingleItem().Message.ShouldBe("not YAML: expected one document of keys and values.");
    }

    private static ModelSpec Read(string yaml)
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Parse(yaml, "model.yaml", problems);
        problems.ShouldBeEmpty();
        definition!.Endpoint.ShouldBeNull("the graph runs in the process");
        return definition.Spec;
    }
}
