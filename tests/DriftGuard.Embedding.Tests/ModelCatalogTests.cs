namespace DriftGuard.Embedding.Tests;

public sealed class ModelCatalogTests
{
    [Fact]
    public void Finds_the_models_directly_under_the_roots_and_nothing_where_there_is_nothing()
    {
        var folders = ModelCatalog.Find([Path.Combine(ShippedModels.Root, "none"), ShippedModels.Root, ShippedModels.Root]);

        folders.Select(f => f.Name).ShouldBe([ShippedModels.MiniLm, ShippedModels.Static]);
        folders.ShouldAllBe(f => f.Problems.Count == 0 && f.Fingerprint != null);
    }

    [Fact]
    public void A_root_may_be_a_model_itself() =>
        ModelCatalog.Find([ShippedModels.DirectoryOf(ShippedModels.Static)]).ShouldHaveSingleItem().Name.ShouldBe(ShippedModels.Static);

    [Fact]
    public void A_folder_that_cannot_be_read_is_listed_with_its_problems()
    {
        using var tiny = new TinyModel();
        File.WriteAllText(tiny.SpecFile, "name: tiny\n");

        var folder = ModelCatalog.Find([tiny.Directory]).ShouldHaveSingleItem();

        folder.Name.ShouldBe(Path.GetFileName(tiny.Directory));
        folder.Spec.ShouldBeNull();
        folder.Problems.ShouldNotBeEmpty();
        Should.Throw<ModelException>(() => ModelCatalog.Get(folder.Name, [tiny.Directory])).Problems.ShouldBe(folder.Problems);
    }

    [Fact]
    public void A_name_that_is_nowhere_is_refused_with_what_there_is() =>
        Should.Throw<ModelException>(() => ModelCatalog.Get("e5", [ShippedModels.Root])).Message
            .ShouldContain($"no model is named 'e5'; there are {ShippedModels.MiniLm}, {ShippedModels.Static}.");
}
