using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DriftGuard.Operator.Resources;

/// <summary>How custom resources are read and written: camelCase keys, words as the schemas have them.</summary>
internal static class OperatorJson
{
    /// <summary>What is not there is not written.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>A status as a merge patch makes it what it is: what is not there any more is taken away.</summary>
    public static JsonObject PatchOf<T>(T before, T after)
    {
        var (old, now) = (ToNode(before), ToNode(after));
        return Difference(old, now);
    }

    /// <summary>Whether two write the same.</summary>
    public static bool AreEqual<T>(T one, T other) => JsonNode.DeepEquals(ToNode(one), ToNode(other));

    /// <summary>The object that something is written as.</summary>
    public static JsonObject ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Options)!.AsObject();

    private static JsonObject Difference(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (key, _) in before.Where(member => !after.ContainsKey(member.Key)))
        {
            patch[key] = null;
        }

        foreach (var (key, value) in after)
        {
            if (value is JsonObject now && before[key] is JsonObject old)
            {
                if (Difference(old, now) is { Count: > 0 } inner)
                {
                    patch[key] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(before[key], value))
            {
                patch[key] = value?.DeepClone();
            }
        }

        return patch;
    }
}
