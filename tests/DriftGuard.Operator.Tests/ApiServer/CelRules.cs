using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cel;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>The rules of a schema, <c>x-kubernetes-validations</c>, by an interpreter of CEL.</summary>
internal static class CelRules
{
    private static readonly CelEnvironment Environment = new([], "");
    private static readonly ConcurrentDictionary<string, CelProgramDelegate> Programs = new(StringComparer.Ordinal);

    /// <summary>The messages of those that a value breaks. Rules that name <c>oldSelf</c> hold between two versions only.</summary>
    public static IEnumerable<string> Broken(JsonNode value, JsonNode? before, JsonObject schema, string path)
    {
        foreach (var rule in schema["x-kubernetes-validations"]?.AsArray() ?? [])
        {
            var expression = (string)rule!["rule"]!;
            if (expression.Contains("oldSelf", StringComparison.Ordinal) && before is null)
            {
                continue;
            }

            var variables = new Dictionary<string, object?>(StringComparer.Ordinal) { ["self"] = ToCel(value), ["oldSelf"] = ToCel(before) };
            if (Programs.GetOrAdd(expression, Environment.Compile)(variables) is not true)
            {
                yield return $"{path}: {(string)rule["message"]!}";
            }
        }
    }

    private static object? ToCel(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => map.ToDictionary(member => member.Key, member => ToCel(member.Value), StringComparer.Ordinal),
        JsonArray list => list.Select(ToCel).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => node.GetValue<string>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => node.AsLong(),
        },
    };
}
