using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Charts.Tests.Tools;
using Json.Schema;

namespace DriftGuard.Charts.Tests;

/// <summary>Values, their schema, their table and the program's options say the same.</summary>
public sealed class ValuesTests
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string SchemaFile = Path.Join(Chart.Folder, "values.schema.json");

    public static TheoryData<string> Cases => Chart.Cases;

    [Fact]
    public void The_schema_of_config_is_that_of_the_program()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!;
        schema["properties"]!["config"] = ConfigurationSchema.Create();

        Chart.ShouldHold(SchemaFile, schema.ToJsonString(Written) + "\n");
    }

    [Fact]
    public void Each_value_is_in_the_schema_and_each_key_of_the_schema_has_a_default()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!;

        Compare(schema, Yaml.Parse(Chart.Read("values.yaml")), "").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_of_a_case_are_valid(string name)
    {
        SchemaProblems.Read(SchemaFile, Dialect.Draft07).ProblemsOf(Yaml.Parse(File.ReadAllText(Chart.ValuesOf(name)))).ShouldBeEmpty();
    }

    [Fact]
    public void The_table_of_values_is_made_of_them()
    {
        var file = Path.Join(Chart.Folder, "README.md");
        const string Begin = "| key | default | meaning |\n| --- | --- | --- |\n";
        var readme = File.ReadAllText(file);
        var at = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;

        Chart.ShouldHold(file, readme[..at] + string.Concat(ValuesTable.Rows(Chart.Read("values.yaml"))));
    }

    // Objects that Kubernetes describes, or whose keys are the user's, are no further looked into.
    private static IEnumerable<string> Compare(JsonNode schema, JsonNode? values, string path)
    {
        if (path is ".config" or ".global" || schema["properties"] is not JsonObject properties)
        {
            yield break;
        }

        if (schema["additionalProperties"] is not JsonValue closed || closed.GetValue<bool>())
        {
            yield return $"{path} takes unknown keys";
        }

        var map = values as JsonObject ?? [];
        foreach (var key in map.Select(value => value.Key).Where(key => !properties.ContainsKey(key)))
        {
            yield return $"{path}.{key} has no schema";
        }

        foreach (var (key, property) in properties.Where(property => property.Key is not "global"))
        {
            if (!map.ContainsKey(key) && path.Length > 0 && map.Count == 0)
            {
                continue;
            }

            if (!map.ContainsKey(key) && !path.EndsWith(".resources", StringComparison.Ordinal))
            {
                yield return $"{path}.{key} has no default";
            }

            foreach (var problem in Compare(property!, map[key], $"{path}.{key}"))
            {
                yield return problem;
            }
        }
    }
}
