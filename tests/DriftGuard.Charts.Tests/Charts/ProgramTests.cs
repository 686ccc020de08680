using System.Net;
using System.Text.Json.Nodes;
using DriftGuard.Architecture.Tests;
using DriftGuard.Cli.Commands;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Charts.Tests;

/// <summary>What is rendered is what the program reads, understands and answers.</summary>
public sealed class ProgramTests
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static TheoryData<string> Cases => Chart.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_configuration_is_read_by_the_program(string name) => EachContainer(name, (workload, container, installed) =>
    {
        var options = installed.Options;

        var data = installed.MountOf(installed.InContainer(options.DataDirectory)).ShouldNotBeNull("where is the state kept?");
        (data["readOnly"]?.GetValue<bool>() ?? false).ShouldBeFalse();
        foreach (var folder in options.CalibrationSets.Roots.Concat(options.Models.Roots).Select(installed.InContainer))
        {
            Manifest.Items(container, "volumeMounts").ShouldContain(mount => mount["mountPath"]!.ToString() == folder || mount["mountPath"]!.ToString().StartsWith($"{folder}/", StringComparison.Ordinal), folder);
        }

        if (options.Rollout.Snapshots is { } snapshots)
        {
            installed.MountOf(installed.InContainer(snapshots)).ShouldNotBeNull("snapshots are written");
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ports_and_the_grace_period_are_those_of_the_configuration(string name) => EachContainer(name, (workload, container, installed) =>
    {
        var http = installed.Options.Http;
        var grace = (long)workload.At("spec.template.spec.terminationGracePeriodSeconds")!;

        TimeSpan.FromSeconds(grace).ShouldBeGreaterThan(http.Drain + http.ShutdownTimeout, "Kubernetes kills what has not ended");
        foreach (var port in Manifest.Items(container, "ports"))
        {
            ((long)port["containerPort"]!).ShouldBe(new Uri(http.Address).Port);
            Probes.Select(probe => Manifest.Find(container, $"{probe}.httpGet.scheme")?.ToString() ?? "HTTP").ShouldAllBe(scheme => scheme.Equals(new Uri(http.Address).Scheme, StringComparison.OrdinalIgnoreCase));
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Processes_that_share_nothing_are_not_several(string name) => EachContainer(name, (workload, _, installed) =>
    {
        if (workload.Kind is "StatefulSet")
        {
            installed.Options.State.IsShared.ShouldBeFalse();
            ((long)workload.At("spec.replicas")!).ShouldBe(1);
        }
        else
        {
            (installed.Options is { State.IsShared: true, Qdrant.IsEmbedded: false }).ShouldBeTrue();
        }
    }, serving: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Command_lines_are_the_programs(string name)
    {
        foreach (var arguments in Manifest.Of(name).Where(manifest => manifest.Kind is "StatefulSet" or "Deployment").SelectMany(manifest => manifest.Containers).Select(Arguments))
        {
            CommandTree.Create(new GlobalOptions()).Parse(arguments).Errors.Select(error => $"{string.Join(' ', arguments)}: {error.Message}").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Probes_and_scrapes_are_answered()
    {
        var folder = Directory.CreateTempSubdirectory("driftguard-chart-");
        try
        {
            var paths = Chart.CaseNames.SelectMany(Manifest.Of).SelectMany(manifest => manifest.Containers.SelectMany(container => Probes.Select(probe => Manifest.Find(container, $"{probe}.httpGet.path")?.ToString()))
                .Concat(Manifest.Items(manifest.Json, "spec.endpoints").Select(endpoint => endpoint["path"]!.ToString()))
                .Concat(manifest.Kind is "Pod" ? manifest.Containers.Select(container => new Uri(Arguments(container)[^1]).AbsolutePath) : [])).OfType<string>().Distinct(StringComparer.Ordinal).ToList();

            await ServedInstallation.RunAsync(folder.FullName, options => options, async (_, client, _) =>
            {
                foreach (var path in paths)
                {
                    using var answer = await client.GetAsync(path);
                    // Ready is what it becomes once its models are open.
                    answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, path == "/health/ready" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
                }
            }, TestContext.Current.CancellationToken);
            paths.ShouldBe(["/health/live", "/health/ready", "/metrics"], ignoreOrder: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_ports_of_the_chart_and_the_image_are_the_programs()
    {
        var port = new Uri(new HttpOptions().Address).Port;

        ((long)Tools.Yaml.Parse(Chart.Read("values.yaml"))!["service"]!["port"]!).ShouldBe(port);
        File.ReadAllText(Path.Join(Repository.Root, "deploy", "Dockerfile")).ShouldContain($"EXPOSE {port}\n");
    }

    [Fact]
    public void The_chart_has_the_programs_version() =>
        Tools.Yaml.Parse(Chart.Read("Chart.yaml"))!["appVersion"]!.ToString().ShouldBe(
            System.Xml.Linq.XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value);

    private static string[] Arguments(JsonNode container) => [.. Manifest.Items(container, "args").Select(argument => argument.ToString())];

    private static void EachContainer(string name, Action<Manifest, JsonNode, InstalledConfiguration> look, bool serving = false)
    {
        var manifests = Manifest.Of(name);
        var containers = manifests.Where(manifest => manifest.Kind is "StatefulSet" or "Deployment").SelectMany(workload => workload.Containers.Select(container => (workload, container))).ToList();
        containers.ShouldNotBeEmpty();
        foreach (var (workload, container) in containers.Where(c => !serving || Arguments(c.container)[0] == "serve"))
        {
            using var installed = InstalledConfiguration.Of(manifests, workload, container);
            look(workload, container, installed);
        }
    }
}
