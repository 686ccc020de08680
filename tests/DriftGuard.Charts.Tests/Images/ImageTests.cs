using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DriftGuard.Architecture.Tests;
using DriftGuard.Cli.Commands;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Charts.Tests.Images;

/// <summary>The Dockerfile builds what there is, from what is named exactly, for a user who may nothing.</summary>
public sealed partial class ImageTests
{
    private static readonly string[] Known = ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

    private static readonly IReadOnlyList<Instruction> Instructions = Dockerfile.Parse(Repository.Read("deploy/Dockerfile"));

    private static IEnumerable<Instruction> Of(string name) => Instructions.Where(instruction => instruction.Name == name);

    [Fact]
    public void Each_line_is_an_instruction_and_nothing_is_fetched_by_ADD()
    {
        Instructions.Select(instruction => instruction.Name).Except(Known, StringComparer.Ordinal).ShouldBeEmpty();
        Of("ADD").ShouldBeEmpty();
        Instructions.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Base_images_are_named_with_their_version() =>
        Of("FROM").Select(from => from.Words[0]).ShouldAllBe(image => VersionTag().IsMatch(image));

    [Fact]
    public void The_last_stage_has_no_shell_and_no_root()
    {
        var stage = Instructions[^1].Stage;

        Of("FROM").Last().Words[0].ShouldEndWith("-chiseled-extra", customMessage: "texts need ICU, schedules need time zones");
        Of("RUN").Where(run => run.Stage == stage).ShouldBeEmpty("there is nothing to run it with");
        Of("USER").Single(user => user.Stage == stage).Arguments.ShouldMatch("^[1-9][0-9]*:[1-9][0-9]*$");
        (Of("ENTRYPOINT").Single(), Of("CMD").Single()).ShouldSatisfyAllConditions(
            both => both.Item1.Arguments.ShouldStartWith("[\""), both => both.Item2.Arguments.ShouldStartWith("[\""));
    }

    [Fact]
    public void The_user_is_the_charts()
    {
        var values = Tools.Yaml.Parse(Chart.Read("values.yaml"))!["podSecurityContext"]!;

        Of("USER").Single().Arguments.ShouldBe($"{values["runAsUser"]}:{values["runAsGroup"]}");
    }

    [Fact]
    public void What_is_copied_is_there_and_let_through()
    {
        var ignore = Repository.Read("deploy/Dockerfile.dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var path in Of("COPY").Where(copy => copy.Option("from") is null).SelectMany(copy => copy.Words[..^1]).Select(path => path.TrimEnd('/')))
        {
            Path.Exists(Path.Join(Repository.Root, path)).ShouldBeTrue(path);
            ignore.ShouldContain(let => path == let || path.StartsWith($"{let}/", StringComparison.Ordinal), path);
        }

        var stages = Of("FROM").Select(from => from.Stage).ToList();
        Of("COPY").Select(copy => copy.Option("from")).OfType<string>().ShouldAllBe(from => stages.Contains(from));
    }

    [Fact]
    public void Each_project_is_copied_before_packages_are_restored()
    {
        var projects = Closure("DriftGuard.Cli").Select(name => $"src/{name}/{name}.csproj");

        Of("COPY").TakeWhile(copy => copy.Words[0] is not "src/").SelectMany(copy => copy.Words[..^1]).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .ShouldBe(projects, ignoreOrder: true);
    }

    [Fact]
    public void What_is_started_is_what_is_published()
    {
        var project = XDocument.Parse(Repository.Read("src/DriftGuard.Cli/DriftGuard.Cli.csproj"));
        var publish = Of("RUN").Single(run => run.Arguments.StartsWith("dotnet publish", StringComparison.Ordinal)).Arguments;

        publish.ShouldContain("src/DriftGuard.Cli ");
        JsonNode.Parse(Of("ENTRYPOINT").Single().Arguments)!.AsArray().Single()!.ToString().ShouldBe($"/app/{project.Descendants("AssemblyName").Single().Value}");
        publish.ShouldContain("--output /app ");
        foreach (var switched in (string[])["-p:ContinuousIntegrationBuild=true", "-p:LockPackages=true", "--no-restore"])
        {
            publish.ShouldContain(switched);
        }

        string[] arguments = [.. JsonNode.Parse(Of("CMD").Single().Arguments)!.AsArray().Select(argument => argument!.ToString())];
        CommandTree.Create(new GlobalOptions()).Parse(arguments).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void The_packages_that_are_locked_are_those_that_the_projects_ask_for()
    {
        var versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!, StringComparer.OrdinalIgnoreCase);

        foreach (var name in Closure("DriftGuard.Cli"))
        {
            var locked = JsonNode.Parse(Repository.Read($"deploy/locks/{name}.lock.json"))!["dependencies"]!["net10.0"]!.AsObject();
            var direct = locked.Where(package => package.Value!["type"]!.ToString() == "Direct").ToDictionary(package => package.Key, package => package.Value!["resolved"]!.ToString(), StringComparer.OrdinalIgnoreCase);
            var asked = XDocument.Parse(Repository.Read($"src/{name}/{name}.csproj")).Descendants("PackageReference").Where(package => package.Attribute("Condition") is null && package.Parent!.Attribute("Condition") is null)
                .Select(package => (string)package.Attribute("Include")!).Where(versions.ContainsKey);
            asked.Where(package => direct.GetValueOrDefault(package) != versions[package])
                .ShouldBeEmpty($"{name}: dotnet restore src/DriftGuard.Cli -p:LockPackages=true --force-evaluate");
        }
    }

    private static IEnumerable<string> Closure(string project) =>
        XDocument.Parse(Repository.Read($"src/{project}/{project}.csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/'))).SelectMany(Closure).Append(project).Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"^[^:@]+:[0-9]+\.[0-9]+[A-Za-z0-9.-]*(@sha256:[0-9a-f]{64})?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex VersionTag();
}
