using Parquet;
using Parquet.Schema;
using Parquet.Serialization;

namespace DriftGuard.Worker.Tests.Sources;

/// <summary>Writes Parquet files.</summary>
internal static class ParquetFiles
{
    /// <summary>Ids, texts and numbers, in row groups of a size.</summary>
    public static async Task WriteAsync(string path, IEnumerable<(string? Id, string? Text)> rows, ParquetOptions? options = null, int rowsAGroup = 100)
    {
        var schema = new ParquetSchema(new DataField("id", typeof(string), isNullable: true), new DataField("text", typeof(string), isNullable: true), new DataField("number", typeof(long), isNullable: true));
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file, options);
        foreach (var (group, g) in rows.Chunk(rowsAGroup).Select((group, g) => (group, g)))
        {
            using var row = writer.CreateRowGroup();
            await row.WriteAsync(schema.DataFields[0], group.Select(r => r.Id!).ToList());
            await row.WriteAsync(schema.DataFields[1], group.Select(r => r.Text!).ToList());
            await row.WriteAsync<long>(schema.DataFields[2], group.Select((_, i) => (long?)((g * rowsAGroup) + i)).ToArray());
        }
    }

    /// <summary>One row with every kind of value.</summary>
    public static async Task WriteKindsAsync(string path)
    {
        var schema = new ParquetSchema(
            new DataField("id", typeof(ulong)), new DataField("text", typeof(string), isNullable: true), new DataField("score", typeof(double), isNullable: true),
            new DataField("flag", typeof(bool), isNullable: true), new DataField("at", typeof(DateTime), isNullable: true), new DecimalDataField("price", 10, 2, isNullable: true),
            new DataField("uuid", typeof(Guid), isNullable: true), new ListField("tags", new DataField("element", typeof(string), isNullable: true)),
            new StructField("page", new DataField("title", typeof(string), isNullable: true), new DataField("nr", typeof(int), isNullable: true)));
        await using var file = File.Create(path);
        await ParquetSerializer.SerializeUntypedAsync(
        [
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["id"] = ulong.MaxValue, ["text"] = "größer", ["score"] = 1.5, ["flag"] = true, ["at"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), ["price"] = 1.25m,
                ["uuid"] = Guid.Parse("11111111-2222-3333-4444-555555555555"), ["tags"] = new List<ReadOnlyMemory<char>?> { "a".AsMemory(), "b".AsMemory() },
                ["page"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["title"] = "T", ["nr"] = 3 },
            },
        ], schema, file);
    }

    /// <summary>A column of bytes that are no text.</summary>
    public static async Task WriteBytesAsync(string path, byte[] text)
    {
        var schema = new ParquetSchema(new DataField("id", typeof(string)), new DataField("text", typeof(byte[])));
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        using var row = writer.CreateRowGroup();
        await row.WriteAsync(schema.DataFields[0], new List<string> { "a" });
        await row.WriteAsync(schema.DataFields[1], new List<byte[]> { text });
    }
}
