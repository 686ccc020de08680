using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Http;
using DriftGuard.Embedding.Variants;

namespace DriftGuard.Embedding.Tests.Variants;

public sealed class RefusedVariantTests
{
    private static readonly Dictionary<string, Func<ModelSpec, ModelSpec>> Edits = new(StringComparer.Ordinal)
    {
        ["provider is 'openai'"] = s => s with { Provider = ModelSpec.OpenAIProvider },
        ["that is another model"] = s => s with { Model = "tests/other" },
        ["files are others"] = s => s with { Files = [s.Files[0] with { Sha256 = new('0', 64) }, s.Files[1]] },
        ["files are others than"] = s => s with { Files = [] },
        ["dimensions is 0"] = s => s with { Dimensions = 0 },
        ["native_dimensions is 2"] = s => s with { NativeDimensions = 2 },
        ["max_tokens is 0"] = s => s with { MaxTokens = 0 },
        ["expected 3 or more"] = s => s with { MaxTokens = 2 },
        ["tokenizer.kind is 'bpe'"] = s => s with { Tokenizer = new() { Kind = TokenizerSpec.BytePairs } },
        ["tokenizer.kind is ''"] = s => s with { Tokenizer = null },
        ["no file says them"] = s => s with { Tokenizer = new() { LowerCase = null, StripAccents = null } },
        ["embedding_type is for"] = s => s with { EmbeddingType = EmbeddingType.Int8 },
        ["input_types are for"] = s => s with { QueryInputType = "query" },
        ["has no output 'sentence_embedding'"] = s => s with { Output = "sentence_embedding" },
        ["must be float32, float16 or bfloat16 [batch, dimensions]"] = s => s with { Pooling = Pooling.Output },
        ["has 4 dimensions, the spec says 8"] = s => s with { NativeDimensions = 8 },
        ["leaves no room"] = s => s with { QueryPrefix = "apple pear apple pear apple pear apple pear apple pear apple pear apple pear " },
    };

    public static TheoryData<string> Reasons => [.. Edits.Keys];

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task What_is_no_variant_of_the_folders_model_is_refused(string reason)
    {
        using var tiny = new TinyModel().Write();
        using var several = VariantEmbedder.Open(tiny.Directory, new() { Sessions = 1 });
        var variant = Edits[reason](several.Spec);

        Should.Throw<ModelException>(() => EmbeddingModel.OpenVariant(tiny.Directory, variant, new() { Sessions = 1 })).Message.ShouldContain(reason);
        (await Should.ThrowAsync<ModelException>(several.EmbedAsync(variant, ["apple"], InputKind.Query).AsTask())).Message.ShouldContain(reason);
        (await several.EmbedAsync(several.Spec, ["apple"], InputKind.Query))[0].IsEmbedded.ShouldBeTrue("a refusal leaves the others alone");
    }

    [Fact]
    public async Task A_token_limit_above_the_positions_of_the_graph_is_refused()
    {
        var folder = ShippedModels.DirectoryOf(ShippedModels.MiniLm);
        using var several = VariantEmbedder.Open(folder, new() { Sessions = 1 });

        var refusal = await Should.ThrowAsync<ModelException>(several.EmbedAsync(several.Spec with { MaxTokens = 513 }, ["a"], InputKind.Query).AsTask());

        refusal.Problems.ShouldHaveSingleItem().Message.ShouldContain("fails on a text of max_tokens (513)");
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open();
        var variant = model.Spec with { Provider = "tei", Dimensions = 0, MaxTokens = 0 };

        Should.Throw<ModelException>(() => EmbeddingModel.OpenVariant(tiny.Directory, variant)).Problems.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("pooling, output or batching")]
    [InlineData("input_types are for")]
    [InlineData("max_tokens is not the folder's")]
    [InlineData("over_long: chunk-mean needs")]
    public void What_a_server_decides_is_no_variant(string reason)
    {
        using var folder = new HttpModelFolder().Write("http://127.0.0.1:1");
        var spec = ModelCatalog.Find([folder.Directory]).Single().Spec!;
        var variant = reason switch
        {
            "pooling, output or batching" => spec with { Pooling = Pooling.Cls },
            "input_types are for" => spec with { DocumentInputType = "x" },
            "max_tokens is not the folder's" => spec with { MaxTokens = 64 },
            _ => spec with { OverLong = OverLongText.ChunkMean },
        };

        Should.Throw<ModelException>(() => EmbeddingModel.OpenVariant(folder.Directory, variant)).Message.ShouldContain(reason);
    }
}
