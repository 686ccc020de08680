using System.Globalization;
using System.Text.Json;
using DriftGuard.Qdrant;
using Google.Protobuf.WellKnownTypes;
using Qdrant.Client.Grpc;
using static DriftGuard.Worker.Gateway.RequestBody;
using Range = Qdrant.Client.Grpc.Range;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// Reads a filter as Qdrant's REST API writes it (https://qdrant.tech/documentation/concepts/filtering/): must, should, must_not and min_should of
/// conditions on fields, ids and nested objects, with limits on their number.
/// </summary>
internal sealed class FilterReader
{
    private int _conditions;
    private int _values;

    /// <summary>Reads the filter of a request; null where it has none.</summary>
    /// <exception cref="OperatorException">It is malformed, or has too many conditions or values.</exception>
    public static Filter? Read(JsonElement of, string key) =>
        !of.TryGetProperty(key, out var filter) || filter.ValueKind == JsonValueKind.Null ? null : new FilterReader().Filter(filter, key);

    private Filter Filter(JsonElement json, string where)
    {
        RequireObject(json, where);
        RequireKnown(json, where, "must", "should", "must_not", "min_should");
        var filter = new Filter();
        foreach (var property in json.EnumerateObject())
        {
            var path = $"{where}.{property.Name}";
            switch (property.Name)
            {
                case "must":
                    filter.Must.AddRange(Conditions(property.Value, path));
                    break;
                case "should":
                    filter.Should.AddRange(Conditions(property.Value, path));
                    break;
                case "must_not":
                    filter.MustNot.AddRange(Conditions(property.Value, path));
                    break;
                default:
                    filter.MinShould = MinShould(property.Value, path);
                    break;
            }
        }

        return filter;
    }

    private MinShould MinShould(JsonElement json, string where)
    {
        RequireObject(json, where);
        RequireKnown(json, where, "conditions", "min_count");
        var least = Whole(json, "min_count", 0, GatewayLimits.Conditions) ?? throw Mistake($"{where} has no min_count");
        return new() { MinCount = (ulong)least, Conditions = { Conditions(json.TryGetProperty("conditions", out var all) ? all : throw Mistake($"{where} has no conditions"), where) } };
    }

    /// <summary>One condition, or several.</summary>
    private List<Condition> Conditions(JsonElement json, string where) => json.ValueKind == JsonValueKind.Array
        ? [.. json.EnumerateArray().Select((one, i) => Condition(one, string.Create(CultureInfo.InvariantCulture, $"{where}[{i}]")))]
        : [Condition(json, where)];

    private Condition Condition(JsonElement json, string where)
    {
        RequireObject(json, where);
        if (++_conditions > GatewayLimits.Conditions)
        {
            throw Mistake($"the filter has more than {GatewayLimits.Conditions} conditions");
        }

        if (json.TryGetProperty("key", out _))
        {
            return new() { Field = Field(json, where) };
        }

        if (json.TryGetProperty("has_id", out var ids))
        {
            RequireKnown(json, where, "has_id");
            return new() { HasId = new() { HasId = { Array(ids, $"{where}.has_id").Select(id => IdOf(id, $"{where}.has_id").ToWire()) } } };
        }

        if (json.TryGetProperty("is_empty", out var empty))
        {
            RequireKnown(json, where, "is_empty");
            return new() { IsEmpty = new() { Key = KeyOf(empty, $"{where}.is_empty") } };
        }

        if (json.TryGetProperty("is_null", out var isNull))
        {
            RequireKnown(json, where, "is_null");
            return new() { IsNull = new() { Key = KeyOf(isNull, $"{where}.is_null") } };
        }

        if (json.TryGetProperty("nested", out var nested))
        {
            RequireKnown(json, where, "nested");
            RequireObject(nested, $"{where}.nested");
            RequireKnown(nested, $"{where}.nested", "key", "filter");
            var inside = nested.TryGetProperty("filter", out var filter) ? filter : throw Mistake($"{where}.nested has no filter");
            return new() { Nested = new() { Key = KeyOf(nested, $"{where}.nested"), Filter = Filter(inside, $"{where}.nested.filter") } };
        }

        return json.EnumerateObject().Any(property => property.Name is "must" or "should" or "must_not" or "min_should")
            ? new() { Filter = Filter(json, where) }
            : throw Mistake($"{where} is {Named(json)}: expected a condition on a key, has_id, is_empty, is_null, nested, or a filter");
    }

    private FieldCondition Field(JsonElement json, string where)
    {
        RequireKnown(json, where, "key", "match", "range", "values_count", "geo_radius", "geo_bounding_box");
        var field = new FieldCondition { Key = KeyOf(json, where) };
        var tests = 0;
        foreach (var property in json.EnumerateObject().Where(property => property.Name != "key"))
        {
            var (value, path) = (property.Value, $"{where}.{property.Name}");
            RequireObject(value, path);
            tests++;
            switch (property.Name)
            {
                case "match":
                    field.Match = Match(value, path);
                    break;
                case "range" when value.EnumerateObject().Any(bound => bound.Value.ValueKind == JsonValueKind.String):
                    RequireKnown(value, path, "lt", "gt", "gte", "lte");
                    field.DatetimeRange = new() { Lt = Time(value, "lt"), Gt = Time(value, "gt"), Gte = Time(value, "gte"), Lte = Time(value, "lte") };
                    break;
                case "range":
                    RequireKnown(value, path, "lt", "gt", "gte", "lte");
                    field.Range = Range(value);
                    break;
                case "values_count":
                    field.ValuesCount = ValuesCount(value, path);
                    break;
                case "geo_radius":
                    RequireKnown(value, path, "center", "radius");
                    field.GeoRadius = new() { Center = Point(value, "center", path), Radius = (float)(Number(value, "radius") ?? throw Mistake($"{path} has no radius")) };
                    break;
                default:
                    RequireKnown(value, path, "top_left", "bottom_right");
                    field.GeoBoundingBox = new() { TopLeft = Point(value, "top_left", path), BottomRight = Point(value, "bottom_right", path) };
                    break;
            }
        }

        return tests == 1 ? field : throw Mistake($"{where} tests its key by {tests} things: expected one of match, range, values_count, geo_radius and geo_bounding_box");
    }

    private Match Match(JsonElement json, string where)
    {
        RequireKnown(json, where, "value", "text", "phrase", "text_any", "any", "except");
        if (json.EnumerateObject().ToList() is not [var test])
        {
            throw Mistake($"{where} is {Named(json)}: expected one of value, text, phrase, text_any, any and except");
        }

        var value = test.Value;
        return test.Name switch
        {
            "value" => value.ValueKind switch
            {
                JsonValueKind.String => new() { Keyword = value.GetString() },
                JsonValueKind.True or JsonValueKind.False => new() { Boolean = value.GetBoolean() },
                JsonValueKind.Number when value.TryGetInt64(out var integer) => new() { Integer = integer },
                _ => throw Mistake($"{where}.value is {Named(value)}: expected a text, a whole number, true or false"),
            },
            "text" => new() { Text = Text(json, "text") ?? "" },
            "phrase" => new() { Phrase = Text(json, "phrase") ?? "" },
            "text_any" => new() { TextAny = Text(json, "text_any") ?? "" },
            "any" when IsOfTexts(value, where) => new() { Keywords = new() { Strings = { Array(value, where).Select(one => one.GetString()!) } } },
            "any" => new() { Integers = new() { Integers = { Array(value, where).Select(one => Integer(one, where)) } } },
            _ when IsOfTexts(value, where) => new() { ExceptKeywords = new() { Strings = { Array(value, where).Select(one => one.GetString()!) } } },
            _ => new() { ExceptIntegers = new() { Integers = { Array(value, where).Select(one => Integer(one, where)) } } },
        };
    }

    private static Range Range(JsonElement json)
    {
        // Assigned one by one: what is absent must stay absent.
        var range = new Range();
        if (Number(json, "lt") is { } lt)
            range.Lt = lt;
        if (Number(json, "gt") is { } gt)
            range.Gt = gt;
        if (Number(json, "gte") is { } gte)
            range.Gte = gte;
        if (Number(json, "lte") is { } lte)
            range.Lte = lte;
        return range;
    }

    private static ValuesCount ValuesCount(JsonElement json, string where)
    {
        RequireKnown(json, where, "lt", "gt", "gte", "lte");
        var count = new ValuesCount();
        if (Whole(json, "lt", 0, int.MaxValue) is { } lt)
            count.Lt = (ulong)lt;
        if (Whole(json, "gt", 0, int.MaxValue) is { } gt)
            count.Gt = (ulong)gt;
        if (Whole(json, "gte", 0, int.MaxValue) is { } gte)
            count.Gte = (ulong)gte;
        if (Whole(json, "lte", 0, int.MaxValue) is { } lte)
            count.Lte = (ulong)lte;
        return count;
    }

    private static Timestamp? Time(JsonElement json, string key) => Text(json, key) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Timestamp.FromDateTimeOffset(time)
        : throw Mistake($"{key} is '{text}': expected a time such as 2026-01-31T08:00:00Z");

    private static GeoPoint Point(JsonElement json, string key, string where)
    {
        var point = json.TryGetProperty(key, out var found) ? found : throw Mistake($"{where} has no {key}");
        RequireObject(point, $"{where}.{key}");
        RequireKnown(point, $"{where}.{key}", "lon", "lat");
        return new() { Lon = Number(point, "lon") ?? throw Mistake($"{where}.{key} has no lon"), Lat = Number(point, "lat") ?? throw Mistake($"{where}.{key} has no lat") };
    }

    private static bool IsOfTexts(JsonElement json, string where) => json.ValueKind != JsonValueKind.Array
        ? throw Mistake($"{where} is {Named(json)}: expected an array")
        : json.GetArrayLength() > 0 && json.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String);

    private static long Integer(JsonElement json, string where) => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out var integer)
        ? integer
        : throw Mistake($"{where} has {Named(json)}: expected texts, or whole numbers");

    /// <summary>The values that a condition names.</summary>
    private JsonElement.ArrayEnumerator Array(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Mistake($"{where} is {Named(json)}: expected an array");
        }

        if ((_values += json.GetArrayLength()) > GatewayLimits.Values)
        {
            throw Mistake($"the conditions of the filter name more than {GatewayLimits.Values} values");
        }

        return json.EnumerateArray();
    }

    private static string KeyOf(JsonElement json, string where)
    {
        RequireObject(json, where);
        return Text(json, "key") is { Length: > 0 } key ? key : throw Mistake($"{where} has no key");
    }

    /// <summary>A point's id: a number, or a UUID as a text.</summary>
    public static PointId IdOf(JsonElement json, string where) =>
        json.ValueKind is JsonValueKind.Number or JsonValueKind.String && PointId.TryParse(json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText(), out var id)
            ? id
            : throw Mistake($"{where} has {Named(json)}: expected the id of a point, a whole number or a UUID");

    private static void RequireObject(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Mistake($"{where} is {Named(json)}: expected an object");
        }
    }
}
