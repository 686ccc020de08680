using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Variants;

namespace DriftGuard.Embedding.Tests.Twins;

public sealed class ModelCopyTests
{
    [Fact]
    public void An_edit_is_what_the_folder_says_from_then_on_and_all_else_stays()
    {
        using var copies = new ModelCopies();
        var original = ModelCatalog.Get(ShippedModels.MiniLm, [ShippedModels.Root]).Spec!;

        var copy = copies.Of(ShippedModels.MiniLm)
            .With("name", "other").With("pooling", "cls").With("normalisation", "none").With("max_tokens", "128")
            .With("prefixes.query", "query: ").With("tokenizer.lower_case", "false").Without("over_long");
        var spec = ModelCatalog.Find([copy.Directory]).ShouldHaveSingleItem().Spec.ShouldNotBeNull();

        (spec with { Files = original.Files }).ShouldBe(original with
        {
            Name = "other",
            Pooling = Pooling.Cls,
            Normalisation = Normalisation.None,
            MaxTokens = 128,
            QueryPrefix = "query: ",
            Tokenizer = original.Tokenizer! with { LowerCase = false },
        });
        spec.Files.ShouldBe(original.Files);
    }

    [Fact]
    public void Another_graph_has_its_digest_stated()
    {
        using var copies = new ModelCopies();
        var copy = copies.Of(ShippedModels.Static).WithGraph((from, to) => File.WriteAllBytes(to, [.. File.ReadAllBytes(from), .. "r\0"u8]));

        var spec = ModelCatalog.Find([copy.Directory]).Single().Spec!;

        spec.Files[0].Sha256.ShouldBe(TinyModel.Digest(File.ReadAllBytes(Path.Combine(copy.Directory, "model.onnx"))));
        ModelCatalog.Verify(copy.Directory).ShouldBeEmpty();
    }
}
