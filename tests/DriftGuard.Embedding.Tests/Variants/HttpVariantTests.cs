using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Http;
using DriftGuard.Embedding.Variants;

namespace DriftGuard.Embedding.Tests.Variants;

public sealed class HttpVariantTests
{
    [Fact]
    public async Task A_provider_is_asked_with_the_variants_prefix_and_its_vectors_are_cut_as_the_variant_says()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);
        using var several = VariantEmbedder.Open(folder.Directory);
        var variant = several.Spec with { DocumentPrefix = "passage: ", Dimensions = 4, NativeDimensions = 8 };
        using var model = EmbeddingModel.OpenVariant(folder.Directory, variant);

        var own = (await several.EmbedAsync(several.Spec, ["apple"], InputKind.Document))[0];
        var together = (await several.EmbedAsync(variant, ["apple"], InputKind.Document))[0];
        var opened = (await model.EmbedAsync(["apple"], InputKind.Document))[0];

        own.Vector!.ShouldBe(Answers.Normalised("apple"), 1e-6);
        together.Vector!.ShouldBe(Answers.Normalised("passage: apple", 4), 1e-6);
        opened.ShouldBeSameOutcomeAs(together);
        server.AskedForVectors.SelectMany(a => a.Texts).ShouldBe(["apple", "passage: apple", "passage: apple"]);
        several.IsDynamicallyQuantised.ShouldBeFalse();
    }

    [Fact]
    public async Task A_variant_tells_the_provider_another_input_type()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, "cohere");
        using var several = VariantEmbedder.Open(folder.Directory);
        var variant = SpecVariants.Of(several.Spec).Single(v => v.Name == "input_types.document: search_query");

        await several.EmbedAsync(variant.Spec, ["apple"], InputKind.Document);

        ((string?)server.AskedForVectors.ShouldHaveSingleItem().Body["input_type"]).ShouldBe("search_query");
    }

    [Fact]
    public async Task What_is_disposed_asks_no_more()
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url);
        var several = VariantEmbedder.Open(folder.Directory);
        await several.EmbedAsync(several.Spec, ["apple"], InputKind.Document);
        several.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(several.EmbedAsync(several.Spec, ["a"], InputKind.Query).AsTask());
        await Should.ThrowAsync<ObjectDisposedException>(several.EmbedAsync(several.Spec with { QueryPrefix = "x" }, ["a"], InputKind.Query).AsTask());
    }
}
