using System.Text.Json.Nodes;
using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>
/// A release of an earlier version of the chart is upgraded to this one: what Kubernetes does not let change is as it was. <c>Earlier/VERSION</c> has the
/// values and renders of each version that was given out.
/// </summary>
public sealed class UpgradeTests
{
    private static readonly string[] Workloads = ["Deployment", "StatefulSet"];

    public static TheoryData<string, string> Earlier =>
    [
        .. Directory.EnumerateFiles(Path.Join(Chart.Tests, "Earlier"), "*.values.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileName(file).Replace(".values.yaml", "", StringComparison.Ordinal))),
    ];

    [Theory]
    [MemberData(nameof(Earlier))]
    public async Task An_earlier_version_is_upgraded_in_place(string version, string name)
    {
        Helm.Need();
        var folder = Path.Join(Chart.Tests, "Earlier", version);
        var before = Manifest.Parse(await File.ReadAllTextAsync(Path.Join(folder, $"{name}.manifests.yaml")));

        var now = Manifest.Parse(await Helm.TemplateAsync(Path.Join(folder, $"{name}.values.yaml")));

        foreach (var was in before.Where(manifest => Workloads.Contains(manifest.Kind, StringComparer.Ordinal) || manifest.Kind is "Service" or "PersistentVolumeClaim"))
        {
            var current = now.SingleOrDefault(manifest => manifest.Kind == was.Kind && manifest.Name == was.Name);
            current.ShouldNotBeNull($"{was.Kind} {was.Name} of {version} would be removed, and whatever serves with it");
            foreach (var path in Immutable(was.Kind))
            {
                JsonNode.DeepEquals(current.At(path), was.At(path)).ShouldBeTrue($"{was.Kind} {was.Name}: {path} was {was.At(path)?.ToJsonString()} in {version}, is {current.At(path)?.ToJsonString()}");
            }
        }
    }

    [Fact]
    public void Each_version_that_was_given_out_is_among_the_earlier_ones_when_the_next_is_begun() =>
        Directory.Exists(Path.Join(Chart.Tests, "Earlier", "0.1.0")).ShouldBeTrue();

    private static string[] Immutable(string kind) => kind switch
    {
        "StatefulSet" => ["spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy"],
        "Deployment" => ["spec.selector"],
        "Service" => ["spec.clusterIP", "spec.selector"],
        _ => ["spec"],
    };
}
