using System.Collections;
using System.Globalization;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>Values of Parquet as payload. Times become RFC 3339 texts in UTC, as Qdrant reads them; UUIDs and decimals become texts.</summary>
internal static class ParquetValues
{
    /// <exception cref="NotSupportedException">A value that has no form in a payload.</exception>
    public static Value Of(object? value) => value switch
    {
        null => new() { NullValue = NullValue.NullValue },
        string text => new() { StringValue = text },
        ReadOnlyMemory<char> text => new() { StringValue = text.ToString() },
        bool flag => new() { BoolValue = flag },
        sbyte or byte or short or ushort or int or uint or long => new() { IntegerValue = Convert.ToInt64(value, CultureInfo.InvariantCulture) },
        ulong number when number <= long.MaxValue => new() { IntegerValue = (long)number },

        // A point id is a number of 64 bits, which a payload's signed integer cannot hold: as text it is the same id.
        ulong number => new() { StringValue = number.ToString(CultureInfo.InvariantCulture) },
        float number => new() { DoubleValue = number },
        double number => new() { DoubleValue = number },
        decimal number => new() { StringValue = number.ToString(CultureInfo.InvariantCulture) },
        DateTime time => new() { StringValue = SourceTime.Format(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc))) },
        DateTimeOffset time => new() { StringValue = SourceTime.Format(time) },
        DateOnly day => new() { StringValue = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) },
        Guid uuid => new() { StringValue = PointId.FromUuid(uuid).ToString() },
        IDictionary fields => OfFields(fields),
        IEnumerable<KeyValuePair<string, object>> fields => OfFields(fields.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal)),
        byte[] => throw new NotSupportedException("holds a column of bytes that are no text, which a payload cannot hold: leave the column out"),
        IEnumerable items => OfItems(items),
        _ => throw new NotSupportedException($"holds a value of type {value.GetType().Name}, which a payload cannot hold: leave the column out"),
    };

    private static Value OfItems(IEnumerable items)
    {
        var list = new ListValue();
        foreach (var item in items)
        {
            list.Values.Add(Of(item));
        }

        return new() { ListValue = list };
    }

    private static Value OfFields(IDictionary fields)
    {
        var members = new Struct();
        foreach (DictionaryEntry field in fields)
        {
            members.Fields[Convert.ToString(field.Key, CultureInfo.InvariantCulture) ?? ""] = Of(field.Value);
        }

        return new() { StructValue = members };
    }
}
