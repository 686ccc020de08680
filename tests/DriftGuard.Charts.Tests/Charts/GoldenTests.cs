using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>What Helm makes of each case is what the other tests look at.</summary>
public sealed class GoldenTests
{
    // Held equal to their sources by tests of their own, and too long to be looked through here.
    private static readonly string[] Elsewhere = ["kind: CustomResourceDefinition", "kind: PrometheusRule", "-dashboard-"];

    public static TheoryData<string> Cases => Chart.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_renders_as_it_was_looked_through(string name)
    {
        Helm.Need();

        var documents = (await Helm.TemplateAsync(Chart.ValuesOf(name))).Split("---\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(document => !Elsewhere.Any(sign => document.Contains(sign, StringComparison.Ordinal)))
            .Select(document => string.Join('\n', document.Split('\n').Select(line => line.TrimEnd())).TrimEnd() + "\n");

        Chart.ShouldHold(Chart.GoldenOf(name), string.Join("---\n", documents));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_linter_has_nothing_to_say(string name)
    {
        Helm.Need();

        var (code, said, error) = await Helm.RunAsync("lint", Chart.Folder, "--strict", "--values", Chart.ValuesOf(name));

        code.ShouldBe(0, said + error);
        said.ShouldNotContain("[WARNING]");
    }

    [Fact]
    public async Task A_chart_that_is_packed_renders_the_same()
    {
        Helm.Need();
        var folder = Directory.CreateTempSubdirectory("driftguard-chart-");
        try
        {
            var (code, _, error) = await Helm.RunAsync("package", Chart.Folder, "--destination", folder.FullName);
            code.ShouldBe(0, error);

            var values = Chart.ValuesOf("cluster-full");
            var (_, packed, _) = await Helm.RunAsync("template", Helm.Release, folder.GetFiles("*.tgz").Single().FullName, "--namespace", Helm.Namespace, "--values", values);

            packed.ShouldBe(await Helm.TemplateAsync(values));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
