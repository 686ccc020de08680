using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Variants;

namespace DriftGuard.Embedding.Tests.Variants;

/// <summary>A variant is what the folder would be if its model.yaml really said so.</summary>
public sealed class VariantTests
{
    private static readonly EmbeddingModelOptions OneSession = new() { Sessions = 1 };

    /// <summary>Two long texts, two with accents, capitals, code, and short ones.</summary>
    private static readonly Probe[] Probes = [.. ProbeSet.Current.Probes.Where((p, i) => i is < 2 or (>= 8 and < 12) || i % 12 == 0)];

    public static TheoryData<string, string> Cases => new()
    {
        { "pooling", "cls" },
        { "prefixes.document", "passage: " },
        { "max_tokens", "64" },
        { "tokenizer.lower_case", "false" },
        { "tokenizer.strip_accents", "false" },
        { "normalisation", "none" },
        { "over_long", "chunk-mean" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_variant_gives_bit_by_bit_the_vectors_of_a_folder_that_says_so(string key, string value)
    {
        using var copies = new ModelCopies();
        // Where accents go is stated in MiniLM's folder, so lower_case alone changes.
        var folder = copies.Of(ShippedModels.MiniLm).With(key, value);
        using var real = EmbeddingModel.Open(folder.Directory, OneSession);
        using var variant = EmbeddingModel.OpenVariant(ShippedModels.DirectoryOf(ShippedModels.MiniLm), real.Spec, OneSession);
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.MiniLm), OneSession);
        string[] texts = [.. Probes.Select(p => p.Text)];

        var expected = await real.EmbedAsync(texts, InputKind.Document);
        var own = await several.EmbedAsync(several.Spec, texts, InputKind.Document);
        var together = await several.EmbedAsync(real.Spec, texts, InputKind.Document);
        var opened = await variant.EmbedAsync(texts, InputKind.Document);

        variant.Fingerprint.ShouldBe(real.Fingerprint);
        for (var i = 0; i < texts.Length; i++)
        {
            opened[i].ShouldBeSameOutcomeAs(expected[i]);
            together[i].ShouldBeSameOutcomeAs(expected[i]);
        }

        own.Select(o => o.Vector).ShouldNotBe(expected.Select(o => o.Vector), "the variant changes something");
    }

    [Fact]
    public async Task Prefixes_of_queries_are_for_queries()
    {
        using var copies = new ModelCopies();
        using var real = EmbeddingModel.Open(copies.Of(ShippedModels.Static).With("prefixes.query", "query: ").Directory, OneSession);
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.Static), OneSession);

        foreach (var kind in Enum.GetValues<InputKind>())
        {
            var expected = (await real.EmbedAsync(["why is the sky blue"], kind))[0];
            (await several.EmbedAsync(real.Spec, ["why is the sky blue"], kind))[0].ShouldBeSameOutcomeAs(expected);
            (await several.EmbedAsync(several.Spec, ["why is the sky blue"], kind))[0].Vector!.SequenceEqual(expected.Vector!).ShouldBe(kind == InputKind.Document);
        }
    }

    [Fact]
    public async Task A_batched_variant_is_really_batched_and_the_others_beside_it_are_not()
    {
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.MiniLm), OneSession);
        string[] texts = [.. ProbeSet.Current.Probes.Where(p => p.Category == ProbeCategories.Everyday).Select(p => p.Text)];
        var batched = several.Spec with { Batching = Batching.Batched };

        var alone = (await several.EmbedAsync(several.Spec, texts[..1], InputKind.Document))[0];
        (await several.EmbedAsync(batched, texts, InputKind.Document))[0].Vector!.ShouldNotBe(alone.Vector!);
        (await several.EmbedAsync(several.Spec, texts, InputKind.Document))[0].ShouldBeSameOutcomeAs(alone);
        (await several.EmbedAsync(batched, texts[..1], InputKind.Document))[0].ShouldBeSameOutcomeAs(alone);
    }

    [Fact]
    public async Task Every_variant_of_a_shipped_model_can_be_embedded_with()
    {
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.MiniLm), OneSession);

        foreach (var variant in SpecVariants.Of(several.Spec))
            (await several.EmbedAsync(variant.Spec, ["a probe"], InputKind.Query)).ShouldHaveSingleItem().IsEmbedded.ShouldBeTrue(variant.Name);
    }

    [Fact]
    public async Task A_variant_under_which_texts_have_no_vector_says_so_text_by_text()
    {
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.Static), OneSession);

        var outcomes = await several.EmbedAsync(several.Spec with { Pooling = Pooling.Cls }, ["a", "b"], InputKind.Document);

        outcomes.Select(o => o.Failure).ShouldBe([EmbeddingFailures.ZeroVector, EmbeddingFailures.ZeroVector], "special tokens have no vectors in it");
    }

    [Fact]
    public async Task Variants_run_side_by_side()
    {
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.Static), new() { Sessions = 2 });
        var variants = SpecVariants.Of(several.Spec);
        string[] texts = [.. Probes.Select(p => p.Text)];

        var once = await Task.WhenAll(variants.Select(v => several.EmbedAsync(v.Spec, texts, InputKind.Document).AsTask()));
        for (var i = 0; i < variants.Count; i++)
        {
            var again = await several.EmbedAsync(variants[i].Spec, texts, InputKind.Document);
            again.Zip(once[i]).ShouldAllBe(pair => pair.First.Vector!.SequenceEqual(pair.Second.Vector!));
        }
    }

    [Fact]
    public async Task What_is_disposed_embeds_no_more()
    {
        var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.Static), OneSession);
        await several.EmbedAsync(several.Spec, ["a"], InputKind.Query);
        several.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(several.EmbedAsync(several.Spec, ["a"], InputKind.Query).AsTask());
        await Should.ThrowAsync<ObjectDisposedException>(several.EmbedAsync(several.Spec with { MaxTokens = 9 }, ["a"], InputKind.Query).AsTask());
    }

    [Theory]
    [InlineData(ShippedModels.MiniLm, true)]
    [InlineData(ShippedModels.Static, false)]
    public void A_model_says_whether_its_graph_is_quantised_dynamically(string name, bool quantised)
    {
        using var model = ShippedModels.Open(name);
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(name), OneSession);

        model.IsDynamicallyQuantised.ShouldBe(quantised);
        several.IsDynamicallyQuantised.ShouldBe(quantised);
    }
}
