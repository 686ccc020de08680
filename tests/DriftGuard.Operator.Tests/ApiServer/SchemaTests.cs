using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Tests.ApiServer;

public sealed class SchemaTests
{
    private static readonly Dictionary<string, (Type Spec, Type Status)> Types = new(StringComparer.Ordinal)
    {
        ["EmbeddingModel"] = (typeof(EmbeddingModelSpec), typeof(EmbeddingModelStatus)),
        ["CalibrationSet"] = (typeof(CalibrationSetSpec), typeof(CalibrationSetStatus)),
        ["EmbeddingIndex"] = (typeof(EmbeddingIndexSpec), typeof(EmbeddingIndexStatus)),
        ["Rollout"] = (typeof(RolloutSpec), typeof(RolloutStatus)),
        ["DriftCheck"] = (typeof(DriftCheckSpec), typeof(DriftCheckStatus)),
    };

    public static TheoryData<string> Kinds => [.. Types.Keys];

    [Fact]
    public void There_is_a_definition_of_each_kind_and_of_no_other()
    {
        Crd.All.Select(crd => (crd.Kind, crd.Plural)).ShouldBe(ResourceKind.All.Select(kind => (kind.Kind, kind.Plural)), ignoreOrder: true);
        Crd.All.ShouldAllBe(crd => crd.Group == ResourceKind.Group && (string)crd.Version["name"]! == ResourceKind.Version);
        Crd.All.Select(crd => (string)crd.Json["metadata"]!["name"]!).ShouldBe(Crd.All.Select(crd => $"{crd.Plural}.{crd.Group}"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_schema_has_what_the_type_has_and_nothing_else(string kind)
    {
        var properties = Schema(kind)["properties"]!;
        Differences(Types[kind].Spec, properties["spec"]!.AsObject(), "spec").Concat(Differences(Types[kind].Status, properties["status"]!.AsObject(), "status")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_default_of_the_schema_is_that_of_the_type(string kind)
    {
        var empty = new JsonObject();
        StructuralSchema.PruneAndDefault(empty, Schema(kind)["properties"]!["spec"]!.AsObject(), isRoot: false);
        var ours = JsonSerializer.SerializeToNode(Activator.CreateInstance(Types[kind].Spec), Types[kind].Spec, OperatorJson.Options)!.AsObject();

        foreach (var (name, value) in empty)
        {
            JsonNode.DeepEquals(ours[name], value).ShouldBeTrue($"{name}: {value?.ToJsonString()} and {ours[name]?.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_schema_is_structural(string kind) => NotStructural(Schema(kind), "", isRoot: true).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Columns_are_printed_of_what_there_is(string kind)
    {
        foreach (var column in Crd.All.Single(crd => crd.Kind == kind).Version["additionalPrinterColumns"]!.AsArray())
        {
            var path = (string)column!["jsonPath"]!;
            if (!path.StartsWith(".metadata", StringComparison.Ordinal) && !path.Contains('['))
            {
                path.TrimStart('.').Split('.').Aggregate((JsonNode?)Schema(kind), (schema, name) => schema?["properties"]?[name]).ShouldNotBeNull(path);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Conditions_are_a_map_by_their_type_and_status_is_a_subresource(string kind)
    {
        var conditions = Schema(kind)["properties"]!["status"]!["properties"]!["conditions"]!;
        conditions["x-kubernetes-list-map-keys"]!.ToJsonString().ShouldBe("""["type"]""");
        Crd.All.Single(crd => crd.Kind == kind).Version["subresources"]!["status"].ShouldNotBeNull();
    }

    private static JsonObject Schema(string kind) => Crd.All.Single(crd => crd.Kind == kind).Schema;

    private static IEnumerable<string> Differences(Type type, JsonObject schema, string path)
    {
        var members = type.GetProperties().Where(property => property.GetMethod!.IsPublic && property.SetMethod is not null)
            .ToDictionary(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name), property => property, StringComparer.Ordinal);
        var properties = schema["properties"]!.AsObject();
        return properties.Select(property => property.Key).Except(members.Keys, StringComparer.Ordinal).Select(name => $"{path}.{name}: not in the type")
            .Concat(members.Keys.Except(properties.Select(property => property.Key), StringComparer.Ordinal).Select(name => $"{path}.{name}: not in the schema"))
            .Concat(members.Where(member => properties.ContainsKey(member.Key)).SelectMany(member => OfValue(member.Value.PropertyType, properties[member.Key]!.AsObject(), $"{path}.{member.Key}")));
    }

    private static IEnumerable<string> OfValue(Type type, JsonObject schema, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var (kind, format) = ((string)schema["type"]!, (string?)schema["format"]);
        if (type != typeof(string) && type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
        {
            return kind == "array" ? OfValue(type.GetGenericArguments()[0], schema["items"]!.AsObject(), $"{path}[]") : [$"{path}: {kind}, and a list"];
        }

        if (type.IsEnum)
        {
            var words = schema["enum"]?.AsArray().Select(word => (string)word!) ?? [];
            return words.Order(StringComparer.Ordinal).SequenceEqual(Enum.GetNames(type).Order(StringComparer.Ordinal)) ? [] : [$"{path}: other words than {type.Name}"];
        }

        return (type.Name, kind, format) switch
        {
            ("String", "string", null) or ("Boolean", "boolean", _) or ("Int32", "integer", "int32") or ("Int64", "integer", "int64") or ("DateTimeOffset", "string", "date-time") => [],
            (_, "object", _) when type.Namespace == typeof(ResourceKind).Namespace => Differences(type, schema, path),
            _ => [$"{path}: {kind} {format}, and {type.Name}"],
        };
    }

    private static IEnumerable<string> NotStructural(JsonObject schema, string path, bool isRoot)
    {
        string[] known = ["type", "description", "properties", "required", "items", "default", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "maxItems", "x-kubernetes-validations", "x-kubernetes-list-type", "x-kubernetes-list-map-keys"];
        var own = schema.Where(member => !known.Contains(member.Key, StringComparer.Ordinal)).Select(member => $"{path}: {member.Key}")
            .Concat(schema["type"] is null ? [$"{path}: no type"] : [])
            .Concat((string?)schema["type"] == "array" && schema["items"] is null ? [$"{path}: no items"] : [])
            .Concat((schema["required"]?.AsArray() ?? []).Where(name => schema["properties"]?[(string)name!] is null).Select(name => $"{path}: {name} is required and not there"))
            .Concat((schema["x-kubernetes-list-map-keys"]?.AsArray() ?? []).Where(key => schema["items"]!["required"]?.AsArray().Any(name => (string)name! == (string)key!) != true).Select(key => $"{path}: key {key} may be missing"))
            .Concat(isRoot || schema["default"] is not { } preset || StructuralSchema.Problems(Defaulted(preset, schema), null, schema).ToList() is { Count: 0 } ? [] : [$"{path}: its default is not valid"]);
        var inner = (schema["properties"]?.AsObject() ?? []).SelectMany(property => isRoot && property.Key == "metadata" ? [] : NotStructural(property.Value!.AsObject(), $"{path}.{property.Key}", isRoot: false));
        return own.Concat(inner).Concat(schema["items"] is JsonObject items ? NotStructural(items, $"{path}[]", isRoot: false) : []);
    }

    private static JsonNode Defaulted(JsonNode preset, JsonObject schema)
    {
        var copy = preset.DeepClone();
        if (copy is JsonObject members)
        {
            StructuralSchema.PruneAndDefault(members, schema, isRoot: false);
        }

        return copy;
    }
}
