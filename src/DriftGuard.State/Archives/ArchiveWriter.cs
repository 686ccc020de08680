using System.Data.Common;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DriftGuard.State.Archives;

/// <summary>Writes a backup, row by row: whatever the size of a table, no more than a row of it is held.</summary>
internal static class ArchiveWriter
{
    private const int FlushAt = 1 << 16;

    /// <summary>Writes the tables of a transaction.</summary>
    /// <param name="output">The file.</param>
    /// <param name="transaction">One that sees one moment of the database.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="describe">Makes the manifest of what was written.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<ArchiveManifest> WriteAsync(
        Stream output, DbTransaction transaction, IReadOnlyList<StateTable> tables, Func<IReadOnlyList<ArchiveTable>, ArchiveManifest> describe, CancellationToken cancellation)
    {
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var written = new List<ArchiveTable>(tables.Count);
        foreach (var table in tables)
        {
            written.Add(await WriteAsync(zip, transaction, table, cancellation));
        }

        // Last, since it tells what the tables came to; its own digest lies beside it.
        var manifest = describe(written);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ArchiveManifest.Json);
        await WriteAsync(zip, ArchiveManifest.EntryName, bytes, cancellation);
        await WriteAsync(zip, ArchiveManifest.SumEntryName, Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {ArchiveManifest.EntryName}\n"), cancellation);
        return manifest;
    }

    private static async Task<ArchiveTable> WriteAsync(ZipArchive zip, DbTransaction transaction, StateTable table, CancellationToken cancellation)
    {
        await using var entry = zip.CreateEntry(ArchiveTable.EntryNameOf(table.Name), CompressionLevel.Fastest).Open();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // the model's own names
        command.CommandText = table.SelectSql();
#pragma warning restore CA2100
        await using var row = await command.ExecuteReaderAsync(cancellation);
        using var buffer = new MemoryStream();
        await using var json = new Utf8JsonWriter(buffer, ArchiveRows.WriterOptions);
        var (rows, length) = (0L, 0L);
        while (await row.ReadAsync(cancellation))
        {
            ArchiveRows.Write(json, row, table.Columns);
            json.Flush();
            json.Reset();
            buffer.WriteByte((byte)'\n');
            rows++;
            if (buffer.Length >= FlushAt)
            {
                await FlushAsync();
            }
        }

        await FlushAsync();
        return new(table.Name, table.Columns, rows, length, Convert.ToHexStringLower(digest.GetHashAndReset()));

        async Task FlushAsync()
        {
            var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            digest.AppendData(bytes.Span);
            length += bytes.Length;
            await entry.WriteAsync(bytes, cancellation);
            buffer.SetLength(0);
        }
    }

    private static async Task WriteAsync(ZipArchive zip, string name, byte[] content, CancellationToken cancellation)
    {
        await using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
        await entry.WriteAsync(content, cancellation);
    }
}
