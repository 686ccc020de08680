using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What an API server does with a structural schema: takes away what it does not know, sets defaults, and says what is wrong.</summary>
internal static class StructuralSchema
{
    /// <summary>Takes away what the schema does not name, and sets what is not said to its default. The object's metadata stay as they are.</summary>
    public static void PruneAndDefault(JsonObject value, JsonObject schema, bool isRoot = true)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var unknown in value.Select(member => member.Key).Where(key => !properties.ContainsKey(key)).ToList())
        {
            value.Remove(unknown);
        }

        foreach (var (name, property) in properties)
        {
            var inner = property!.AsObject();
            if (!value.ContainsKey(name) && inner["default"] is { } preset)
            {
                value[name] = preset.DeepClone();
            }

            if (isRoot && name == "metadata")
            {
                continue;
            }

            foreach (var child in Children(value[name]))
            {
                PruneAndDefault(child, value[name] is JsonArray ? inner["items"]!.AsObject() : inner, isRoot: false);
            }
        }
    }

    /// <summary>What is wrong with a value, rules between the old and the new one included.</summary>
    public static IEnumerable<string> Problems(JsonNode? value, JsonNode? before, JsonObject schema, string path = "")
    {
        if (value is null)
        {
            return [$"{path}: null"];
        }

        var kind = (string)schema["type"]!;
        if (!Is(kind, value))
        {
            return [$"{path}: expected {kind}, found {value.ToJsonString()}"];
        }

        List<string> problems = [.. OfText(value, schema, path), .. OfObject(value, before, schema, path), .. OfArray(value, schema, path)];
        // Rules are of values that have the shape they speak of.
        return problems.Count > 0 ? problems : CelRules.Broken(value, before, schema, path);
    }

    private static IEnumerable<string> OfText(JsonNode value, JsonObject schema, string path)
    {
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            yield return $"{path}: unsupported value {value.ToJsonString()}";
        }

        if (schema["minimum"] is { } minimum && value.AsLong() < minimum.AsLong())
        {
            yield return $"{path}: below {minimum}";
        }

        if (value.GetValueKind() != JsonValueKind.String)
        {
            yield break;
        }

        var text = value.GetValue<string>();
        if ((schema["minLength"]?.AsLong() ?? 0) > text.Length || (schema["maxLength"]?.AsLong() ?? long.MaxValue) < text.Length)
        {
            yield return $"{path}: of {text.Length} characters";
        }

        if (schema["pattern"] is { } pattern && !Regex.IsMatch(text, (string)pattern!, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)))
        {
            yield return $"{path}: does not match {pattern}";
        }

        if ((string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{path}: no time";
        }
    }

    private static IEnumerable<string> OfObject(JsonNode value, JsonNode? before, JsonObject schema, string path)
    {
        if (value is not JsonObject members)
        {
            return [];
        }

        var missing = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name)).Select(name => $"{path}.{name}: required");
        return missing.Concat((schema["properties"]?.AsObject() ?? []).Where(property => members.ContainsKey(property.Key) && property.Key != "metadata")
            .SelectMany(property => Problems(members[property.Key], (before as JsonObject)?[property.Key], property.Value!.AsObject(), $"{path}.{property.Key}")));
    }

    private static IEnumerable<string> OfArray(JsonNode value, JsonObject schema, string path)
    {
        if (value is not JsonArray items)
        {
            return [];
        }

        var keys = schema["x-kubernetes-list-map-keys"]?.AsArray().Select(key => (string)key!).ToList();
        var identities = items.Select(item => keys is null ? item?.ToJsonString() : string.Join(',', keys.Select(key => item![key]?.ToJsonString()))).ToList();
        var twice = schema["x-kubernetes-list-type"] is not null && identities.Distinct(StringComparer.Ordinal).Count() != identities.Count;
        return items.SelectMany((item, i) => Problems(item, null, schema["items"]!.AsObject(), $"{path}[{i}]"))
            .Concat(twice ? [$"{path}: duplicate"] : [])
            .Concat(schema["maxItems"] is { } most && items.Count > most.AsLong() ? [$"{path}: too many"] : []);
    }

    private static bool Is(string kind, JsonNode value) => (kind, value.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out _),
        _ => false,
    };

    private static IEnumerable<JsonObject> Children(JsonNode? node) => node switch
    {
        JsonObject one => [one],
        JsonArray many => many.OfType<JsonObject>(),
        _ => [],
    };
}
