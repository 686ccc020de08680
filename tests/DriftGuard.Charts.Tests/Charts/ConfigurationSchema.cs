using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Charts.Tests;

/// <summary>The JSON schema of <c>driftguard.yaml</c>, made of the options' types, bounds and comments.</summary>
internal static partial class ConfigurationSchema
{
    // What SettingText reads as a duration.
    private const string Duration = @"^(0|[0-9]+:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?|[0-9]+\.[0-9]{2}:[0-9]{2}:[0-9]{2}|([0-9]+(\.[0-9]+)?(d|h|m|s|ms) *)+)$";

    private static readonly Dictionary<string, string> Comments = XDocument.Load(Path.Join(AppContext.BaseDirectory, "DriftGuard.Worker.xml")).Descendants("member")
        .ToDictionary(member => (string)member.Attribute("name")!, member => Text(member.Element("summary")), StringComparer.Ordinal);

    /// <summary>The whole.</summary>
    public static JsonObject Create() => Section(typeof(DriftGuardOptions), "driftguard.yaml");

    private static JsonObject Section(Type type, string description)
    {
        var options = Activator.CreateInstance(type)!;
        var properties = SettingSchema.Properties(type);
        var required = properties.Where(p => p.Property.GetCustomAttribute<RequiredAttribute>() is not null && p.Property.GetValue(options) is null or "");
        var schema = new JsonObject
        {
            ["description"] = description,
            ["type"] = OrNull("object"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Property(p.Property)))),
        };
        if (required.ToList() is { Count: > 0 } keys)
        {
            schema["required"] = new JsonArray([.. keys.Select(key => (JsonNode)key.Key)]);
        }

        return schema;
    }

    private static JsonObject Property(PropertyInfo property)
    {
        var description = Comments.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}", "");
        var schema = SettingSchema.IsSection(property.PropertyType) ? Section(property.PropertyType, description) : Value(property.PropertyType, description);
        foreach (var bound in property.GetCustomAttributes<ValidationAttribute>())
        {
            Bound(schema, bound);
        }

        return schema;
    }

    private static JsonObject Value(Type type, string description)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var schema = new JsonObject { ["description"] = description };
        if (SettingSchema.ItemType(type) is { } item)
        {
            schema["type"] = OrNull("array");
            schema["items"] = SettingSchema.IsSection(item) ? Section(item, Comments.GetValueOrDefault($"T:{item.FullName}", "")) : Value(item, "");
            // An entry that says nothing says nothing wrong either, but means nothing.
            schema["items"]!["type"] = schema["items"]!["type"]?[0]!.DeepClone();
            schema["items"]!.AsObject().Where(entry => entry.Value is null || entry is { Key: "description", Value: JsonValue text } && text.ToString().Length == 0)
                .Select(entry => entry.Key).ToList().ForEach(key => schema["items"]!.AsObject().Remove(key));
        }
        else if (type.IsEnum)
        {
            schema["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)SettingSchema.Key(name)), null]);
        }
        else if (type == typeof(TimeSpan))
        {
            (schema["type"], schema["pattern"], schema["maximum"]) = (new JsonArray("string", "integer", "null"), Duration, 0);
        }
        else
        {
            schema["type"] = OrNull(type == typeof(bool) ? "boolean" : type == typeof(int) ? "integer" : type == typeof(double) ? "number" : "string");
        }

        return schema;
    }

    private static void Bound(JsonObject schema, ValidationAttribute bound)
    {
        switch (bound)
        {
            case RangeAttribute { OperandType: var type } range when type != typeof(TimeSpan):
                (schema["minimum"], schema["maximum"]) = (Number(range.Minimum), Number(range.Maximum));
                break;
            case RegularExpressionAttribute pattern:
                schema["pattern"] = $"^({pattern.Pattern})$";
                break;
            case MaxLengthAttribute length:
                schema["maxLength"] = length.Length;
                break;
            case MinLengthAttribute length:
                schema["minItems"] = length.Length;
                break;
        }
    }

    private static JsonNode Number(object bound) => bound is int whole ? whole : (double)bound;

    private static JsonArray OrNull(string type) => new(type, "null");

    private static string Text(XElement? summary) => summary is null ? "" : Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => Name(see),
            XElement element => element.Value,
            _ => "",
        })), " ").Trim();

    private static string Name(XElement see) => SettingSchema.Key(((string?)see.Attribute("cref") ?? "").Split('.')[^1]);

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Spaces();
}
