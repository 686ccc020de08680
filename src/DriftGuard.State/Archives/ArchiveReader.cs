using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DriftGuard.State.Archives;

/// <summary>Reads a backup of the state, row by row, and holds every byte of it against the digests that it carries.</summary>
public sealed class ArchiveReader : IDisposable
{
    private const int MostOfAManifest = 1 << 20;

    private readonly ZipArchive _zip;

    private ArchiveReader(string file, ZipArchive zip, ArchiveManifest manifest) => (File, _zip, Manifest) = (file, zip, manifest);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>What it says of itself.</summary>
    public ArchiveManifest Manifest { get; }

    /// <summary>Opens a backup and reads its manifest.</summary>
    /// <exception cref="StateArchiveException">It is no whole backup, or of a later version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ArchiveReader Open(string file)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(file);
            return new(file, zip, ReadManifest(zip));
        }
        catch (Exception error)
        {
            zip?.Dispose();
            throw error switch
            {
                StateArchiveException => new StateArchiveException($"{file}: {error.Message}", error),
                InvalidDataException or JsonException => new StateArchiveException($"{file} is no backup of the state, or was cut off ({error.Message})", error),
                _ => error,
            };
        }
    }

    /// <summary>Reads everything, and holds it against the manifest.</summary>
    /// <exception cref="StateArchiveException">Something is missing, was added or changed.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        var expected = Manifest.Tables.Select(table => table.EntryName).Append(ArchiveManifest.EntryName).Append(ArchiveManifest.SumEntryName).Order(StringComparer.Ordinal).ToList();
        var found = _zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal).ToList();
        if (!expected.SequenceEqual(found, StringComparer.Ordinal))
        {
            throw Damaged($"expected the entries {string.Join(", ", expected)}, found {string.Join(", ", found)}");
        }

        foreach (var table in Manifest.Tables)
        {
            await foreach (var _ in RowsAsync(table, cancellation))
            {
                // The end of the enumeration says that the digest holds.
            }
        }
    }

    /// <summary>The rows of a table, each by the columns of the manifest. It throws after the last one where the digest does not hold.</summary>
    internal async IAsyncEnumerable<object?[]> RowsAsync(ArchiveTable table, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var entry = _zip.GetEntry(table.EntryName) ?? throw Damaged($"table {table.Name} is missing");
        using var digest = SHA256.Create();
        var rows = 0L;
        await using (var content = await GuardAsync(() => entry.OpenAsync(cancellation)))
        await using (var hashed = new CryptoStream(content, digest, CryptoStreamMode.Read))
        using (var lines = new StreamReader(hashed, Encoding.UTF8))
        {
            while (await GuardAsync(() => lines.ReadLineAsync(cancellation).AsTask()) is { } line)
            {
                rows++;
                yield return ArchiveRows.Read(line, table.Name, table.Columns);
            }
        }

        var sum = Convert.ToHexStringLower(digest.Hash!);
        if (rows != table.Rows || sum != table.Sha256)
        {
            throw Damaged($"table {table.Name} has {rows} rows with SHA-256 {sum}, its manifest says {table.Rows} with {table.Sha256}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    private async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(error.Message);
        }
    }

    private StateArchiveException Damaged(string what) => new($"{File} is damaged: {what}");

    private static ArchiveManifest ReadManifest(ZipArchive zip)
    {
        var (manifest, sum) = (Content(zip, ArchiveManifest.EntryName), Encoding.ASCII.GetString(Content(zip, ArchiveManifest.SumEntryName)));
        if (!sum.StartsWith(Convert.ToHexStringLower(SHA256.HashData(manifest)), StringComparison.Ordinal))
        {
            throw new StateArchiveException($"it is damaged: {ArchiveManifest.EntryName} is not what its SHA-256 says");
        }

        using var json = JsonDocument.Parse(manifest);
        var format = json.RootElement.GetProperty("formatVersion").GetInt32();
        return format == ArchiveManifest.CurrentFormat
            ? json.Deserialize<ArchiveManifest>(ArchiveManifest.Json)!
            : throw new StateArchiveException($"it has form {format}, and this version reads form {ArchiveManifest.CurrentFormat}; use the version of DriftGuard that wrote it");
    }

    private static byte[] Content(ZipArchive zip, string name)
    {
        var entry = zip.GetEntry(name) ?? throw new StateArchiveException($"it is no backup of the state: {name} is missing");
        if (entry.Length > MostOfAManifest)
        {
            throw new StateArchiveException($"it is no backup of the state: {name} has {entry.Length} bytes");
        }

        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
