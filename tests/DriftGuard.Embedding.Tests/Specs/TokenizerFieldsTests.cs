using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Tests.Specs;

public sealed class TokenizerFieldsTests
{
    private const string Sha = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3";
    private const string TokenizerFile = $"tokenizer: {{ path: tokenizer.json, sha256: {Sha} }}";
    private const string VocabularyFile = $"vocabulary: {{ path: vocab.txt, sha256: {Sha} }}";

    [Theory]
    [InlineData(TokenizerSpec.WordPiece)]
    [InlineData(TokenizerSpec.Unigram)]
    [InlineData(TokenizerSpec.BytePairs)]
    public void A_tokenizer_file_says_how_letters_are_treated_and_the_spec_does_not(string kind)
    {
        var spec = Read($"{{ kind: {kind} }}", TokenizerFile);

        spec.Tokenizer.ShouldBe(new() { Kind = kind, LowerCase = null, StripAccents = null });
        spec.Files.Select(f => f.Role).ShouldBe([ModelFileRoles.Graph, ModelFileRoles.Tokenizer]);
    }

    [Fact]
    public void A_vocabulary_has_the_settings_of_the_spec() =>
        Read("{ kind: wordpiece, lower_case: false }", VocabularyFile).Tokenizer.ShouldBe(new() { LowerCase = false, StripAccents = false });

    [Theory]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void An_encoding_of_tiktoken_needs_no_file(string encoding)
    {
        var spec = Read($"{{ kind: tiktoken, encoding: {encoding} }}");

        spec.Tokenizer.ShouldBe(new() { Kind = TokenizerSpec.Tiktoken, LowerCase = null, StripAccents = null, Encoding = encoding });
        spec.Files.ShouldHaveSingleItem().Role.ShouldBe(ModelFileRoles.Graph);
    }

    [Fact]
    public void Each_way_to_tokens_is_another_fingerprint()
    {
        Fingerprint[] fingerprints =
        [
            Fingerprint.Of(Read("{ kind: wordpiece }", VocabularyFile)), Fingerprint.Of(Read("{ kind: wordpiece }", TokenizerFile)),
            Fingerprint.Of(Read("{ kind: unigram }", TokenizerFile)), Fingerprint.Of(Read("{ kind: bpe }", TokenizerFile)),
            Fingerprint.Of(Read("{ kind: tiktoken, encoding: cl100k_base }")), Fingerprint.Of(Read("{ kind: tiktoken, encoding: o200k_base }")),
        ];

        fingerprints.Distinct().Count().ShouldBe(fingerprints.Length);
    }

    [Theory]
    [InlineData("{ kind: wordpiece, lower_case: true }", TokenizerFile, 7, "tokenizer.lower_case is stated, and files.tokenizer says it: take it out.")]
    [InlineData("{ kind: bpe, strip_accents: true }", TokenizerFile, 7, "tokenizer.strip_accents is stated, and files.tokenizer says it: take it out.")]
    [InlineData("{ kind: tiktoken, encoding: cl100k_base, lower_case: true }", "", 7, "tokenizer.lower_case is stated, and the encoding says it")]
    [InlineData("{ kind: tiktoken, encoding: cl100k_base }", TokenizerFile, 6, "files.tokenizer is stated, and tokenizer.kind is 'tiktoken', which needs no file")]
    [InlineData("{ kind: tiktoken, encoding: cl100k_base }", VocabularyFile, 6, "files.vocabulary is stated, and the tokens come from the encoding")]
    [InlineData("{ kind: tiktoken }", "", 7, "tokenizer.encoding is missing.")]
    [InlineData("{ kind: tiktoken, encoding: p50k_base }", "", 7, "tokenizer.encoding is 'p50k_base': expected cl100k_base or o200k_base.")]
    [InlineData("{ kind: bpe, encoding: cl100k_base }", TokenizerFile, 7, "unknown key 'tokenizer.encoding'")]
    [InlineData("{ kind: unigram }", "", 5, "files.tokenizer is missing.")]
    [InlineData("{ kind: wordpiece }", "", 5, "files.vocabulary is missing.")]
    [InlineData("{ kind: wordpiece }", $"{TokenizerFile}\n  {VocabularyFile}", 7, "files.vocabulary is stated, and the tokens come from files.tokenizer")]
    [InlineData("{ kind: sentencepiece }", TokenizerFile, 7, "tokenizer.kind is 'sentencepiece': expected wordpiece or unigram or bpe or tiktoken.")]
    public void What_contradicts_itself_is_refused(string tokenizer, string file, int line, string message)
    {
        var problems = new List<ModelProblem>();

        ModelSpecFile.Parse(Yaml(tokenizer, file), "model.yaml", problems);

        var problem = problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain(message);
        problem.Line.ShouldBe(line);
    }

    private static ModelSpec Read(string tokenizer, string file = "")
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Parse(Yaml(tokenizer, file), "model.yaml", problems);
        problems.ShouldBeEmpty();
        return definition!.Spec;
    }

    private static string Yaml(string tokenizer, string file) => $$"""
        name: a
        provider: onnx
        model: tests/a
        files:
          graph: { path: model.onnx, sha256: {{Sha}} }
          {{file}}
        tokenizer: {{tokenizer}}
        max_tokens: 512
        dimensions: 8
        """;
}
