using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace DriftGuard.Charts.Tests.Tools;

/// <summary>YAML as JSON.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>A document.</summary>
    public static JsonNode? Parse(string text) => Convert(Reader.Deserialize<object?>(text));

    private static JsonNode? Convert(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(entry =>
            KeyValuePair.Create(System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, Convert(entry.Value)))),
        IList<object?> list => new JsonArray([.. list.Select(Convert)]),
        bool truth => truth,
        string text => text,
        float or double or decimal => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
