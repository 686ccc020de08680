using System.Text.Json;
using DriftGuard.Architecture.Tests;
using DriftGuard.Charts.Tests.Tools;
using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace DriftGuard.Charts.Tests;

/// <summary>Everything that is rendered is what Kubernetes' API describes, and nothing more: a field that it does not know is refused.</summary>
public sealed class StrictTests
{
    private static readonly Dictionary<string, Type> Custom = new(StringComparer.Ordinal)
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(Dictionary<string, object>),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(Dictionary<string, object>),
    };

    public static TheoryData<string> Cases => Chart.Cases;

    /// <summary>Where the API's schemas lie, as <c>node_modules</c> of the packages <c>kubernetes-models</c> and <c>@kubernetes-models/prometheus-operator</c>.</summary>
    private static string? Models => Environment.GetEnvironmentVariable("DRIFTGUARD_KUBERNETES_MODELS") is { Length: > 0 } folder ? folder : null;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Kubernetes_own_types_know_every_field(string name) =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Chart.GoldenOf(name)), Custom, strict: true).Count.ShouldBeGreaterThan(3);

    [Fact]
    public void A_field_that_they_do_not_know_is_refused()
    {
        var golden = File.ReadAllText(Chart.GoldenOf("cluster")).Replace("revisionHistoryLimit:", "revisionsHistoryLimit:", StringComparison.Ordinal);

        Should.Throw<YamlException>(() => KubernetesYaml.LoadAllFromString(golden, Custom, strict: true)).Message.ShouldContain("revisionsHistoryLimit");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_schemas_of_the_API_take_all_that_Helm_renders(string name)
    {
        Helm.Need();

        (await ProblemsAsync(await Helm.TemplateAsync(Chart.ValuesOf(name)))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("maxSurge: 1", "maxSurges: 1", "maxSurges: unknown field")]
    [InlineData("type: RollingUpdate", "type: [RollingUpdate]", "must be string")]
    [InlineData("protocol: TCP", "protocol: TCQ", "must be equal to one of the allowed values")]
    [InlineData("name: driftguard\n", "title: driftguard\n", "must have required property")]
    [InlineData("port: http\n      path: /metrics", "prot: http\n      path: /metrics", "prot: unknown field")]
    [InlineData("kind: ServiceMonitor", "kind: ServiceMonitors", "ServiceMonitors is no kind")]
    public async Task What_they_do_not_take_is_said(string right, string wrong, string said)
    {
        var golden = await File.ReadAllTextAsync(Chart.GoldenOf("cluster-full"));
        golden.ShouldContain(right);

        (await ProblemsAsync(golden.Replace(right, wrong, StringComparison.Ordinal))).ShouldContain(said);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_custom_resources_are_definitions_as_Kubernetes_reads_them(string name)
    {
        Helm.Need();
        var values = Manifest.Of(name);
        var definitions = (await Helm.TemplateAsync(Chart.ValuesOf(name))).Split("---\n").Where(document => document.Contains("kind: CustomResourceDefinition", StringComparison.Ordinal)).ToList();

        var files = Directory.EnumerateFiles(Path.Join(Chart.Folder, "files", "crds"), "*.yaml").ToList();
        var installs = values.Any(manifest => manifest.Kind is "Deployment" && manifest.Name.EndsWith("-operator", StringComparison.Ordinal)) && name is not "by-environment";
        definitions.Count.ShouldBe(installs ? files.Count : 0);
        foreach (var definition in definitions.Select(document => KubernetesYaml.Deserialize<V1CustomResourceDefinition>(document, strict: true)))
        {
            definition.Spec.Group.ShouldBe("driftguard.dev");
            (definition.Metadata.Annotations?.ContainsKey("helm.sh/resource-policy") ?? false).ShouldBe(name is not "operator-everywhere", "crds.keep");
        }
    }

    private static async Task<string> ProblemsAsync(string manifests)
    {
        var node = ToolRun.Find("DRIFTGUARD_NODE", "node");
        Assert.SkipWhen(node is null || Models is null, "needs node, and in DRIFTGUARD_KUBERNETES_MODELS the node_modules with kubernetes-models and @kubernetes-models/prometheus-operator");
        var documents = JsonSerializer.Serialize(Manifest.Parse(manifests).Select(manifest => manifest.Json));
        var script = Path.Join(Repository.Root, "tests", "DriftGuard.Charts.Tests", "Tools", "check-manifests.mjs");

        var (code, said, error) = await ToolRun.RunAsync(node!, [script, Models!], documents);

        code.ShouldBe(0, error);
        return said;
    }
}
