using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace DriftGuard.Charts.Tests.Tools;

/// <summary>What a JSON schema has to say about a document.</summary>
internal static class SchemaProblems
{
    /// <summary>Reads a schema of a dialect, however that is spelt there, into a registry of its own: it may be read again.</summary>
    public static JsonSchema Read(string file, Dialect dialect)
    {
        var schema = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        schema.Remove("$schema");
        schema.Remove("$id");
        return JsonSchema.FromText(schema.ToJsonString(), new BuildOptions { SchemaRegistry = new SchemaRegistry(), Dialect = dialect });
    }

    /// <summary>A line for each problem: where, and what.</summary>
    public static IReadOnlyList<string> ProblemsOf(this JsonSchema schema, JsonNode? document)
    {
        var result = schema.Evaluate(JsonSerializer.SerializeToElement(document), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}")];
    }
}
