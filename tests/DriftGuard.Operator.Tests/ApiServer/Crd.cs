using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>A definition of a custom resource, as the chart installs it.</summary>
internal sealed class Crd
{
    private Crd(JsonObject json)
    {
        Json = json;
        var spec = json["spec"]!;
        (Plural, Kind, Group) = ((string)spec["names"]!["plural"]!, (string)spec["names"]!["kind"]!, (string)spec["group"]!);
        Version = spec["versions"]!.AsArray().Single()!.AsObject();
        Schema = Version["schema"]!["openAPIV3Schema"]!.AsObject();
    }

    public static IReadOnlyList<Crd> All { get; } =
        [.. Directory.GetFiles(Path.Join(AppContext.BaseDirectory, "crds"), "*.yaml").Order(StringComparer.Ordinal).Select(file => new Crd(Read(File.ReadAllText(file)).AsObject()))];

    public JsonObject Json { get; }

    public string Plural { get; }

    public string Kind { get; }

    public string Group { get; }

    /// <summary>Its one version.</summary>
    public JsonObject Version { get; }

    /// <summary>The schema of the whole resource.</summary>
    public JsonObject Schema { get; }

    /// <summary>YAML as JSON: plain scalars by YAML's core schema, quoted ones as text.</summary>
    public static JsonNode Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return ToJson(stream.Documents.Single().RootNode)!;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry => KeyValuePair.Create(((YamlScalarNode)entry.Key).Value!, ToJson(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: var plain } => plain switch
        {
            "true" => true,
            "false" => false,
            "null" or "" or null => null,
            _ => long.TryParse(plain, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : plain,
        },
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException(node.ToString()),
    };
}
