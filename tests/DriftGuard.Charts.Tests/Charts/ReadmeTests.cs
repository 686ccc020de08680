using System.Text.RegularExpressions;
using DriftGuard.Architecture.Tests;
using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>What the README has people install is something that installs.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Section = Repository.Read("README.md").Split("\n## ").Single(section => section.StartsWith("Kubernetes\n", StringComparison.Ordinal));

    [Fact]
    public async Task Its_values_for_a_cluster_are_rendered()
    {
        Helm.Need();
        var values = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(values, Example().Match(Section).Groups["yaml"].Value);

            var manifests = Manifest.Parse(await Helm.TemplateAsync(values));

            manifests.Where(manifest => manifest.Kind is "Deployment").Select(manifest => manifest.Name).ShouldBe(
                [$"{Helm.Release}-driftguard-api", $"{Helm.Release}-driftguard-gateway", $"{Helm.Release}-driftguard-operator", $"{Helm.Release}-driftguard-worker"], ignoreOrder: true);
            new[] { "HorizontalPodAutoscaler", "NetworkPolicy", "ServiceMonitor", "PrometheusRule", "PodDisruptionBudget" }.Except(manifests.Select(manifest => manifest.Kind), StringComparer.Ordinal).ShouldBeEmpty();
        }
        finally
        {
            File.Delete(values);
        }
    }

    [Fact]
    public async Task Its_first_command_and_what_follows_name_the_same_workload()
    {
        Helm.Need();
        var release = Install().Match(Section);

        var (code, rendered, error) = await Helm.RunAsync(["template", release.Groups["name"].Value, Chart.Folder, .. release.Groups["options"].Value.Replace("--create-namespace", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        code.ShouldBe(0, error);
        Manifest.Parse(rendered).Single(manifest => manifest.Kind is "StatefulSet").Name.ShouldBe(Workload().Match(Section).Groups["name"].Value);
    }

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Example();

    [GeneratedRegex("helm install (?<name>[a-z-]+) charts/driftguard (?<options>[^#\n]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Install();

    [GeneratedRegex("exec statefulset/(?<name>[a-z-]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Workload();
}
