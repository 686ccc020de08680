using System.Text;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Tests.Embedding;

public sealed class ModelSpecDigestTests
{
    [Fact]
    public void The_canonical_bytes_are_sorted_JSON_without_white_space_and_with_every_member() =>
        Encoding.UTF8.GetString(ModelSpecDigest.CanonicalBytes(ModelSpecs.Example())).ShouldBe(
            """
            {"batching":"single","dimensions":8,"distance":"cosine","document_prefix":"Säule \"1\":\n","max_tokens":256,
            "model":"publisher/example","native_dimensions":8,"normalisation":"l2","output":"last_hidden_state",
            "over_long":"truncate","pooling":"mean","provider":"onnx","query_prefix":"query: ","revision":"1",
            "schema":"driftguard.model-spec/1","tokenizer":{"kind":"wordpiece","lower_case":true,"strip_accents":true}}
            """.ReplaceLineEndings(""));

    [Fact]
    public void Members_that_came_later_are_there_only_off_their_default() =>
        Encoding.UTF8.GetString(ModelSpecDigest.CanonicalBytes(ModelSpecs.Example() with
        {
            OverLong = OverLongText.ChunkMean,
            EmptyText = EmptyText.Embed,
            EmbeddingType = EmbeddingType.UInt8,
            QueryInputType = "q",
            DocumentInputType = "d",
            Tokenizer = new() { Kind = TokenizerSpec.Tiktoken, LowerCase = null, StripAccents = null, Encoding = "cl100k_base" },
        })).ShouldBe(
            """
            {"batching":"single","dimensions":8,"distance":"cosine","document_input_type":"d","document_prefix":"Säule \"1\":\n",
            "embedding_type":"uint8","empty_text":"embed","max_tokens":256,
            "model":"publisher/example","native_dimensions":8,"normalisation":"l2","output":"last_hidden_state",
            "over_long":"chunk-mean","pooling":"mean","provider":"onnx","query_input_type":"q","query_prefix":"query: ","revision":"1",
            "schema":"driftguard.model-spec/1","tokenizer":{"encoding":"cl100k_base","kind":"tiktoken"}}
            """.ReplaceLineEndings(""));

    [Fact]
    public void The_digest_never_changes_between_versions() =>
        ModelSpecDigest.Compute(ModelSpecs.Example()).ShouldBe("dbe5034ff9b22d2c9c9b8bfd3b07f1c5ebad4e6d9cc99f10293eb36a4835e037");

    [Fact]
    public void The_digest_does_not_depend_on_the_culture()
    {
        var before = ModelSpecDigest.Compute(ModelSpecs.Example());
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            // Turkish lower-cases I to a letter without a dot: SINGLE and DIMENSIONS would be other words.
            Thread.CurrentThread.CurrentCulture = new("tr-TR");
            ModelSpecDigest.Compute(ModelSpecs.Example()).ShouldBe(before);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    public static TheoryData<string, Func<ModelSpec, ModelSpec>> DecidingFields() => new()
    {
        { "provider", s => s with { Provider = "other" } },
        { "model", s => s with { Model = "other" } },
        { "revision", s => s with { Revision = "2" } },
        { "dimensions", s => s with { Dimensions = 4, NativeDimensions = 8 } },
        { "native dimensions", s => s with { NativeDimensions = 16 } },
        { "pooling", s => s with { Pooling = Pooling.Cls } },
        { "output", s => s with { Output = "other" } },
        { "normalisation", s => s with { Normalisation = Normalisation.None } },
        { "query prefix", s => s with { QueryPrefix = "query:" } },
        { "document prefix", s => s with { DocumentPrefix = "" } },
        { "token limit", s => s with { MaxTokens = 255 } },
        { "tokenizer", s => s with { Tokenizer = null } },
        { "tokenizer kind", s => s with { Tokenizer = new() { Kind = "other" } } },
        { "capitals", s => s with { Tokenizer = new() { LowerCase = false } } },
        { "accents", s => s with { Tokenizer = new() { StripAccents = false } } },
        { "distance", s => s with { Distance = VectorDistance.Dot } },
        { "batching", s => s with { Batching = Batching.Batched } },
        { "over-long texts", s => s with { OverLong = OverLongText.ChunkMean } },
        { "empty texts", s => s with { EmptyText = EmptyText.Embed } },
        { "input type of queries", s => s with { QueryInputType = "search_query" } },
        { "input type of documents", s => s with { DocumentInputType = "search_document" } },
        { "embedding type", s => s with { EmbeddingType = EmbeddingType.Int8 } },
        { "a tokenizer of its own file", s => s with { Tokenizer = new() { LowerCase = null, StripAccents = null } } },
        { "encoding", s => s with { Tokenizer = new() { Kind = TokenizerSpec.Tiktoken, Encoding = "cl100k_base" } } },
    };

    [Theory]
    [MemberData(nameof(DecidingFields))]
    public void Each_field_that_decides_a_vector_changes_the_digest(string field, Func<ModelSpec, ModelSpec> change) =>
        (ModelSpecDigest.Compute(change(ModelSpecs.Example())) == ModelSpecDigest.Compute(ModelSpecs.Example())).ShouldBeFalse(field);

    [Fact]
    public void The_name_is_a_label_and_the_files_are_digested_apart()
    {
        var renamed = ModelSpecs.Example() with { Name = "other", Files = [] };

        ModelSpecDigest.Compute(renamed).ShouldBe(ModelSpecDigest.Compute(ModelSpecs.Example()));
    }

    [Fact]
    public void Stating_that_nothing_is_cut_off_is_the_same_as_not_stating_it()
    {
        var stated = ModelSpecs.Example() with { NativeDimensions = 8 };

        ModelSpecDigest.Compute(stated).ShouldBe(ModelSpecDigest.Compute(ModelSpecs.Example()));
    }

    [Fact]
    public void A_lone_surrogate_is_refused_since_it_has_no_bytes() =>
        Should.Throw<ArgumentException>(() => ModelSpecDigest.Compute(ModelSpecs.Example() with { QueryPrefix = "\ud800" }));
}
