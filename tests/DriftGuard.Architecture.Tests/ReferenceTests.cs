namespace DriftGuard.Architecture.Tests;

public sealed class ReferenceTests
{
    // Arrows point to Core only; the Worker composes; the Cli starts it. Adapters know nothing of each other.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DriftGuard.Core"] = [],
        ["DriftGuard.Embedding"] = ["DriftGuard.Core"],
        ["DriftGuard.Qdrant"] = ["DriftGuard.Core"],
        ["DriftGuard.Qdrant.Embedded"] = ["DriftGuard.Core"],
        ["DriftGuard.State"] = ["DriftGuard.Core"],
        ["DriftGuard.Client"] = [],
        ["DriftGuard.Worker"] =
            ["DriftGuard.Core", "DriftGuard.Embedding", "DriftGuard.Qdrant", "DriftGuard.Qdrant.Embedded", "DriftGuard.State"],
        ["DriftGuard.Dashboard"] = ["DriftGuard.Worker"],
        // What the management API answers, and how loops are run: it asks an installation by HTTP alone.
        ["DriftGuard.Operator"] = ["DriftGuard.Worker"],
        ["DriftGuard.Cli"] = ["DriftGuard.Dashboard", "DriftGuard.Operator", "DriftGuard.Worker"],
    };

    private static readonly string[] TestsOfTheWhole = ["DriftGuard.Architecture.Tests", "DriftGuard.Chaos.Tests", "DriftGuard.Charts.Tests", "DriftGuard.Fuzz.Tests"];

    public static TheoryData<string> SourceProjects => [.. Projects.Source.Select(project => project.Name)];

    [Fact]
    public void Every_project_of_src_has_its_place_among_the_others() =>
        Projects.Source.Select(project => project.Name).ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Arrows_point_to_Core_and_the_Worker_composes(string name) =>
        Projects.Source.Single(project => project.Name == name).References.Except(Allowed[name], StringComparer.Ordinal)
            .ShouldBeEmpty($"{name} references what it must not know");

    [Fact]
    public void No_project_of_src_references_a_test_project() =>
        Projects.Source.SelectMany(project => project.References)
            .Intersect(Projects.Tests.Select(project => project.Name), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void Every_project_of_src_that_holds_code_has_a_test_project_of_the_same_name()
    {
        var tests = Projects.Tests.Select(project => project.Name).ToHashSet(StringComparer.Ordinal);

        Projects.Source.Where(project => project.HasCode && !tests.Contains($"{project.Name}.Tests"))
            .Select(project => project.Name).ShouldBeEmpty();
    }

    [Fact]
    public void A_test_project_tests_the_project_of_its_name() =>
        Projects.Tests.Where(project => project.Name.EndsWith(".Tests", StringComparison.Ordinal) && !TestsOfTheWhole.Contains(project.Name, StringComparer.Ordinal))
            .Where(project => !project.References.Contains(project.Name[..^".Tests".Length], StringComparer.Ordinal))
            .Select(project => project.Name).ShouldBeEmpty();

    [Fact]
    public void The_solution_holds_every_project()
    {
        var solution = Repository.Read("DriftGuard.sln");

        Projects.Source.Concat(Projects.Tests).Where(project => !solution.Contains($"\"{project.File.Replace('/', '\\')}\"", StringComparison.Ordinal))
            .Select(project => project.File).ShouldBeEmpty();
    }
}
