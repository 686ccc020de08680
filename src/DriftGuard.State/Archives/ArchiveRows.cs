using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DriftGuard.State.Archives;

/// <summary>Rows of tables as lines of JSON, and back.</summary>
internal static class ArchiveRows
{
    private const string DayFormat = "yyyy-MM-dd";

    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the row that a reader stands on; what is null is left out.</summary>
    public static void Write(Utf8JsonWriter json, DbDataReader row, IReadOnlyList<ArchiveColumn> columns)
    {
        json.WriteStartObject();
        for (var i = 0; i < columns.Count; i++)
        {
            if (row.IsDBNull(i))
            {
                continue;
            }

            json.WritePropertyName(columns[i].Name);
            switch (columns[i].Kind)
            {
                case ColumnKind.Text:
                    json.WriteStringValue(row.GetString(i));
                    break;
                case ColumnKind.Whole:
                    json.WriteNumberValue(row.GetInt64(i));
                    break;
                case ColumnKind.Real when row.GetDouble(i) is var real && !double.IsFinite(real):
                    json.WriteStringValue(real.ToString(CultureInfo.InvariantCulture));
                    break;
                case ColumnKind.Real:
                    json.WriteNumberValue(row.GetDouble(i));
                    break;
                case ColumnKind.Boolean:
                    json.WriteBooleanValue(row.GetBoolean(i));
                    break;
                case ColumnKind.Bytes:
                    json.WriteBase64StringValue(row.GetFieldValue<byte[]>(i));
                    break;
                default:
                    json.WriteStringValue(row.GetFieldValue<DateOnly>(i).ToString(DayFormat, CultureInfo.InvariantCulture));
                    break;
            }
        }

        json.WriteEndObject();
    }

    /// <summary>The values of a line, by column; null where it has none.</summary>
    /// <exception cref="StateArchiveException">It is no row of these columns.</exception>
    public static object?[] Read(string line, string table, IReadOnlyList<ArchiveColumn> columns)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var values = new object?[columns.Count];
            var found = 0;
            for (var i = 0; i < columns.Count; i++)
            {
                if (json.RootElement.TryGetProperty(columns[i].Name, out var value))
                {
                    (values[i], found) = (Read(value, columns[i].Kind), found + 1);
                }
            }

            return found == json.RootElement.GetPropertyCount() ? values : throw new StateArchiveException($"a row of table {table} has columns that its manifest does not name");
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new StateArchiveException($"a row of table {table} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The type of a column's parameter, on every database.</summary>
    public static DbType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => DbType.String,
        ColumnKind.Whole => DbType.Int64,
        ColumnKind.Real => DbType.Double,
        ColumnKind.Boolean => DbType.Boolean,
        ColumnKind.Bytes => DbType.Binary,
        _ => DbType.Date,
    };

    private static object Read(JsonElement value, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => value.GetString()!,
        ColumnKind.Whole => value.GetInt64(),
        ColumnKind.Real => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble(),
        ColumnKind.Boolean => value.GetBoolean(),
        ColumnKind.Bytes => value.GetBytesFromBase64(),
        _ => DateOnly.ParseExact(value.GetString()!, DayFormat, CultureInfo.InvariantCulture),
    };
}
