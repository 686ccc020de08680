using System.Text.Json.Nodes;
using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>One resource of Kubernetes.</summary>
/// <param name="Json">All of it.</param>
internal sealed record Manifest(JsonNode Json)
{
    public string Kind => Text("kind");

    public string Name => Text("metadata.name");

    /// <summary>The template of its pods; for a pod itself.</summary>
    public JsonNode? Pod => Kind is "Pod" ? Json : At("spec.template");

    /// <summary>All containers of its pods, those that run first included.</summary>
    public IEnumerable<JsonNode> Containers => Pod is null ? [] : [.. Items(Pod, "spec.initContainers"), .. Items(Pod, "spec.containers")];

    /// <summary>What stands at a path such as <c>spec.template</c>; null where nothing does.</summary>
    public JsonNode? At(string path) => Find(Json, path);

    public string Text(string path) => At(path)?.ToString() ?? "";

    /// <summary>The resources of a text of several documents.</summary>
    public static IReadOnlyList<Manifest> Parse(string documents) =>
        [.. documents.Split("\n---\n").Select(Yaml.Parse).OfType<JsonNode>().Select(json => new Manifest(json))];

    /// <summary>Those of a case, from its golden render.</summary>
    public static IReadOnlyList<Manifest> Of(string name) => Parse(File.ReadAllText(Chart.GoldenOf(name)));

    public static JsonNode? Find(JsonNode? node, string path) => path.Split('.').Aggregate(node, (at, key) => at is JsonObject map ? map[key] : null);

    public static IEnumerable<JsonNode> Items(JsonNode? node, string path) => Find(node, path) is JsonArray list ? list.OfType<JsonNode>() : [];

    public static Dictionary<string, string> Map(JsonNode? node) => node is JsonObject map ? map.ToDictionary(entry => entry.Key, entry => entry.Value!.ToString(), StringComparer.Ordinal) : [];
}
