using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Sources.Rows;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>What a spool was made from.</summary>
/// <param name="Reading">Digest of how the file is read: fields, template, kind.</param>
/// <param name="Length">The file's size in bytes.</param>
/// <param name="Written">When it was last written, in ticks of UTC.</param>
/// <param name="Sha256">Digest of its content.</param>
internal sealed record SpoolOrigin(string Reading, long Length, long Written, string Sha256)
{
    /// <summary>Whether the file looks as it did, without reading it.</summary>
    public bool LooksLike(FileInfo file) => file.Length == Length && file.LastWriteTimeUtc.Ticks == Written;

    /// <summary>Digest of how an index' file is read.</summary>
    public static string ReadingOf(IndexDefinition index) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { index.Source, index.TextField, index.Template })));

    /// <summary>The file as it is now.</summary>
    /// <exception cref="OperatorException">It cannot be read.</exception>
    public static async Task<SpoolOrigin> OfAsync(IndexDefinition index, CancellationToken cancellation)
    {
        var path = index.Source.Path!;
        var info = new FileInfo(path);
        await using var file = CorpusFiles.Guard(path, () => File.OpenRead(path));
        return new(ReadingOf(index), info.Length, info.LastWriteTimeUtc.Ticks, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)));
    }

    /// <summary>What a spool says that it was made from; null where it does not say.</summary>
    public static SpoolOrigin? Read(string spool)
    {
        try
        {
            using var connection = Spool.Open(spool);
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT reading, length, written, sha256 FROM origin";
            using var reader = command.ExecuteReader();
            return reader.Read() ? new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3)) : null;
        }
        catch (SqliteException)
        {
            return null; // Cut off while it was made, or damaged: it is made anew.
        }
    }

    /// <summary>The name of the spool's file.</summary>
    public string NameFor(string index) => string.Create(CultureInfo.InvariantCulture,
        $"{index}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Reading + Sha256)).AsSpan(0, 8))}{SourceSpools.Extension}");
}
