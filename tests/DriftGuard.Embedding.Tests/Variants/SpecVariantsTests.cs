using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Http;
using DriftGuard.Embedding.Variants;

namespace DriftGuard.Embedding.Tests.Variants;

public sealed class SpecVariantsTests
{
    private static readonly ModelSpec MiniLm = ModelCatalog.Get(ShippedModels.MiniLm, [ShippedModels.Root]).Spec!;
    private static readonly ModelSpec E5 = MiniLm with { QueryPrefix = "query: ", DocumentPrefix = "passage: ", MaxTokens = 512 };

    public static TheoryData<string> Specs => ["minilm", "e5", "cls", "output", "cut", "none"];

    private static ModelSpec SpecOf(string name) => name switch
    {
        "minilm" => MiniLm,
        "e5" => E5,
        "cls" => E5 with { Pooling = Pooling.Cls, Batching = Batching.Batched },
        "output" => MiniLm with { Pooling = Pooling.Output, Output = "sentence_embedding" },
        "cut" => MiniLm with { Dimensions = 128, NativeDimensions = 384 },
        _ => MiniLm with { Normalisation = Normalisation.None, OverLong = OverLongText.ChunkMean },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public void Variants_are_few_and_all_different(string name)
    {
        var spec = SpecOf(name);
        var variants = SpecVariants.Of(spec);

        variants.Count.ShouldBeInRange(15, 30);
        variants.Select(v => Fingerprint.Of(v.Spec)).Append(Fingerprint.Of(spec)).Distinct().Count().ShouldBe(variants.Count + 1);
        variants.Select(v => v.Name).Distinct(StringComparer.Ordinal).Count().ShouldBe(variants.Count);
        variants.ShouldAllBe(v => v.Explanation.Length > 0 && v.AlsoAspect != v.Aspect);
        variants.ShouldAllBe(v => ReferenceEquals(v.Spec.Files, spec.Files) && v.Spec.Name == spec.Name && v.Spec.Model == spec.Model);
    }

    [Theory]
    [InlineData("minilm", "pooling: cls")]
    [InlineData("minilm", "normalisation: none")]
    [InlineData("minilm", "prefixes.document: 'passage: '")]
    [InlineData("minilm", "prefixes.query: 'Represent this sentence for searching relevant passages: '")]
    [InlineData("minilm", "max_tokens: 64")]
    [InlineData("minilm", "max_tokens: 512")]
    [InlineData("minilm", "over_long: chunk-mean")]
    [InlineData("minilm", "tokenizer.lower_case: false")]
    [InlineData("minilm", "tokenizer.strip_accents: false")]
    [InlineData("minilm", "tokenizer.lower_case: false, strip_accents: false")]
    [InlineData("minilm", "batching: batched")]
    [InlineData("e5", "prefixes.document: ''")]
    [InlineData("e5", "prefixes.document: 'query: '")]
    [InlineData("e5", "pooling: cls, prefixes.document: ''")]
    [InlineData("e5", "prefixes.document: '', max_tokens: 128")]
    [InlineData("e5", "prefixes.query: 'passage: ', prefixes.document: 'query: '")]
    [InlineData("cls", "pooling: mean")]
    [InlineData("cls", "batching: single")]
    [InlineData("cut", "dimensions: 384")]
    [InlineData("none", "normalisation: l2")]
    [InlineData("none", "over_long: truncate")]
    public void What_is_plausible_is_there(string spec, string name) => SpecVariants.Of(SpecOf(spec)).ShouldContain(v => v.Name == name);

    [Theory]
    [InlineData("output", "pooling")]
    [InlineData("minilm", "max_tokens: 256")]
    [InlineData("minilm", "prefixes.document: ''")]
    [InlineData("minilm", "dimensions")]
    [InlineData("minilm", "input_types")]
    public void What_makes_no_sense_is_not_there(string spec, string name) => SpecVariants.Of(SpecOf(spec)).ShouldNotContain(v => v.Name.Contains(name));

    [Fact]
    public void A_variant_says_whose_vectors_it_changes()
    {
        foreach (var variant in SpecVariants.Of(E5).Where(v => v.OnlyFor is not null))
        {
            var other = variant.OnlyFor == InputKind.Query ? InputKind.Document : InputKind.Query;
            variant.Spec.PrefixOf(other).ShouldBe(E5.PrefixOf(other), variant.Name);
            variant.Spec.PrefixOf(variant.OnlyFor!.Value).ShouldNotBe(E5.PrefixOf(variant.OnlyFor.Value), variant.Name);
        }
    }

    [Fact]
    public void A_provider_over_HTTP_has_the_variants_that_are_left_to_the_client()
    {
        using var folder = new HttpModelFolder().Write("http://127.0.0.1:1");
        var variants = SpecVariants.Of(ModelCatalog.Find([folder.Directory]).Single().Spec!);

        variants.Select(v => v.Aspect).Distinct().ShouldBe([SpecAspect.Prefix, SpecAspect.Normalisation], ignoreOrder: true);
        foreach (var variant in variants)
            EmbeddingModel.OpenVariant(folder.Directory, variant.Spec).Dispose();
    }
}
