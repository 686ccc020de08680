using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Tests.Pinning;

public sealed class CatalogueTests
{
    public static TheoryData<string> Names => [.. Catalogue.Entries.Select(entry => entry.Name)];

    [Theory]
    [InlineData("all-minilm-l6-v2", 384, 256)]
    [InlineData("e5-small-v2", 384, 512)]
    [InlineData("e5-base-v2", 768, 512)]
    [InlineData("e5-large-v2", 1024, 512)]
    [InlineData("multilingual-e5-small", 384, 512)]
    [InlineData("multilingual-e5-base", 768, 512)]
    [InlineData("multilingual-e5-large", 1024, 512)]
    [InlineData("bge-small-en-v1.5", 384, 512)]
    [InlineData("bge-base-en-v1.5", 768, 512)]
    [InlineData("bge-large-en-v1.5", 1024, 512)]
    [InlineData("bge-m3", 1024, 8192)]
    [InlineData("gte-small", 384, 512)]
    [InlineData("gte-base", 768, 512)]
    [InlineData("gte-large", 1024, 512)]
    [InlineData("nomic-embed-text-v1.5", 768, 8192)]
    [InlineData("text-embedding-3-small", 1536, 8192)]
    [InlineData("text-embedding-3-large", 3072, 8192)]
    [InlineData("text-embedding-ada-002", 1536, 8192)]
    [InlineData("embed-english-v3.0", 1024, 512)]
    [InlineData("embed-multilingual-v3.0", 1024, 512)]
    public void The_models_that_people_use_are_there(string name, int dimensions, int maxTokens)
    {
        var spec = SpecOf(name);

        (spec.Dimensions, spec.MaxTokens).ShouldBe((dimensions, maxTokens));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_entry_names_its_card_and_licence_and_makes_a_spec_that_is_accepted(string name)
    {
        var entry = Entry(name);
        var spec = SpecOf(name);

        entry.Card.ShouldStartWith("https://");
        entry.Licence.ShouldNotBeEmpty();
        (spec.Name, spec.Provider, spec.Model).ShouldBe((entry.Name, entry.Provider, entry.Model));
        (spec.Provider == ModelSpec.OnnxProvider).ShouldBe(entry.Hub is not null);
        entry.Hub?.Revision!.Length.ShouldBe(40);
    }

    [Theory]
    [InlineData("e5-small-v2", "query: ", "passage: ")]
    [InlineData("multilingual-e5-base", "query: ", "passage: ")]
    [InlineData("bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", "")]
    [InlineData("nomic-embed-text-v1.5", "search_query: ", "search_document: ")]
    [InlineData("bge-m3", "", "")]
    [InlineData("gte-small", "", "")]
    [InlineData("all-minilm-l6-v2", "", "")]
    public void Prefixes_are_those_of_the_cards_blanks_included(string name, string query, string document)
    {
        var spec = SpecOf(name);

        (spec.QueryPrefix, spec.DocumentPrefix).ShouldBe((query, document));
    }

    [Fact]
    public void What_no_source_says_is_called_unconfirmed()
    {
        var assembly = typeof(Catalogue).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("catalogue/", StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var yaml = text.ReadToEnd();
            yaml.ShouldNotContain("from memory");
            yaml.ShouldNotContain("a source here");
        }
    }

    private static CatalogueEntry Entry(string name) => Catalogue.Entries.Single(entry => entry.Name == name);

    private static ModelSpec SpecOf(string name)
    {
        var entry = Entry(name);
        var files = (entry.Hub?.Files ?? []).Select(file => new ModelYamlFile(file.Role, file.Path, file.Sha256 ?? new string('0', 64)));
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Parse(new ModelYaml(entry.Spec, [.. files]).Text("a test"), $"{name}.yaml", problems);
        problems.ShouldBeEmpty();
        return definition!.Spec;
    }
}
