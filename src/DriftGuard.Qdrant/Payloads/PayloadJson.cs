using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Payloads;

/// <summary>
/// Payloads as JSON and back without loss: an integer stays an integer, a double a double (1.0 is written with its point), texts, bools,
/// nulls, lists and objects themselves. JSON integers beyond 64 bits become doubles, as in Qdrant.
/// </summary>
public static class PayloadJson
{
    private const int LongestNumberShown = 40;

    /// <summary>A payload as a JSON object, keys in ordinal order.</summary>
    /// <exception cref="ArgumentException">A double is NaN or infinite, which JSON cannot say.</exception>
    public static string ToJson(MapField<string, Value> payload) => Render(writer => Write(writer, payload));

    /// <summary>A value as JSON.</summary>
    /// <exception cref="ArgumentException">A double is NaN or infinite, which JSON cannot say.</exception>
    public static string ToJson(Value value) => Render(writer => Write(writer, value));

    /// <summary>Writes a payload as a JSON object, keys in ordinal order.</summary>
    public static void Write(Utf8JsonWriter writer, MapField<string, Value> payload)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in payload.OrderBy(static field => field.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(key);
            Write(writer, value);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter writer, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.IntegerValue:
                writer.WriteNumberValue(value.IntegerValue);
                break;
            case Value.KindOneofCase.DoubleValue:
                WriteDouble(writer, value.DoubleValue);
                break;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                break;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                break;
            case Value.KindOneofCase.StructValue:
                Write(writer, value.StructValue.Fields);
                break;
            case Value.KindOneofCase.ListValue:
                writer.WriteStartArray();
                foreach (var item in value.ListValue.Values)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>The payload of a JSON object.</summary>
    /// <exception cref="ArgumentException">The element is no object.</exception>
    /// <exception cref="JsonException">A number in it is beyond what a double holds.</exception>
    public static MapField<string, Value> ToPayload(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"a payload is a JSON object, found {element.ValueKind}", nameof(element));
        var payload = new MapField<string, Value>();
        Fill(payload, element);
        return payload;
    }

    /// <summary>The value of a JSON element.</summary>
    /// <exception cref="JsonException">A number in it is beyond what a double holds.</exception>
    public static Value ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new Value { StringValue = element.GetString() },
        JsonValueKind.Number => ToNumber(element),
        JsonValueKind.True => new Value { BoolValue = true },
        JsonValueKind.False => new Value { BoolValue = false },
        JsonValueKind.Array => ToList(element),
        JsonValueKind.Object => ToStruct(element),
        _ => new Value { NullValue = NullValue.NullValue },
    };

    private static Value ToNumber(JsonElement element) =>
        element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 && element.TryGetInt64(out var integer)
            ? new Value { IntegerValue = integer }
            : element.GetDouble() is var number && double.IsFinite(number)
                ? new Value { DoubleValue = number }
                : throw new JsonException($"{Shortened(element.GetRawText())} is too large for a 64-bit float");

    private static string Shortened(string number) => number.Length > LongestNumberShown ? number[..LongestNumberShown] + "..." : number;

    private static Value ToList(JsonElement element)
    {
        var list = new ListValue();
        foreach (var item in element.EnumerateArray())
            list.Values.Add(ToValue(item));
        return new Value { ListValue = list };
    }

    private static Value ToStruct(JsonElement element)
    {
        var fields = new Struct();
        Fill(fields.Fields, element);
        return new Value { StructValue = fields };
    }

    private static void Fill(MapField<string, Value> fields, JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
            fields[property.Name] = ToValue(property.Value);
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"the payload holds {value.ToString(CultureInfo.InvariantCulture)}, which JSON cannot say", nameof(value));
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text, skipInputValidation: true);
    }

    private static string Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
