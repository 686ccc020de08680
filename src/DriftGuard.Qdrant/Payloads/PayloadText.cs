using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Payloads;

/// <summary>Takes the text to embed out of a payload.</summary>
public static class PayloadText
{
    /// <summary>
    /// The text of one field; a path such as <c>page.title</c> looks inside objects, unless a field has that very name. Null if the field
    /// is missing or is no text.
    /// </summary>
    public static string? Of(MapField<string, Value> payload, string field) =>
        Find(payload, field) is { KindCase: Value.KindOneofCase.StringValue } value ? value.StringValue : null;

    /// <summary>The id in one field, found as in <see cref="Of"/>: a text, or a whole number as its digits; null if there is neither.</summary>
    public static string? IdOf(MapField<string, Value> payload, string field) => Find(payload, field) switch
    {
        { KindCase: Value.KindOneofCase.StringValue } text => text.StringValue,
        { KindCase: Value.KindOneofCase.IntegerValue } number => number.IntegerValue.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The texts of several fields that have one, in the given order, with a separator between; null if none has.</summary>
    public static string? Join(MapField<string, Value> payload, IReadOnlyList<string> fields, string separator = "\n")
    {
        if (fields.Count == 1)
            return Of(payload, fields[0]);
        StringBuilder? joined = null;
        foreach (var field in fields)
        {
            if (Of(payload, field) is not { } text)
                continue;
            joined = joined is null ? new StringBuilder() : joined.Append(separator);
            joined.Append(text);
        }
        return joined?.ToString();
    }

    private static Value? Find(MapField<string, Value> payload, string field)
    {
        if (payload.TryGetValue(field, out var value))
            return value;
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && payload.TryGetValue(field[..dot], out value) && value.KindCase == Value.KindOneofCase.StructValue
            ? Find(value.StructValue.Fields, field[(dot + 1)..])
            : null;
    }
}
