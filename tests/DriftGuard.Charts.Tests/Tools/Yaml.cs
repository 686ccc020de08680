using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace DriftGuard.Charts.Tests.Tools;

/// <summary>YAML as JSON.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>A document.</summary>
    public static JsonNode? Parse(string text) => ToJson(Reader.Deserialize<object?>(text));

    /// <summary>What a reader of YAML gives.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(entry =>
            KeyValuePair.Create(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, ToJson(entry.Value)))),
        IList<object?> list => new JsonArray([.. list.Select(ToJson)]),
        bool truth => truth,
        string text => text,
        float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
