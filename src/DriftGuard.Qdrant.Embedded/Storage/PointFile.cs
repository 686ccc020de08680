using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DriftGuard.Qdrant.Embedded.Points;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>
/// The points of one collection on disk: a row for each slot, its vectors together in one blob. The file is written once per operation and
/// read only at start.
/// </summary>
internal sealed class PointFile : IDisposable
{
    private readonly SqliteFile _file;
    private readonly Statement _put;
    private readonly Statement _setPayload;
    private readonly Statement _setVectors;
    private readonly Statement _delete;
    private readonly Statement _setOperation;
    private byte[] _blob = [];

    private PointFile(SqliteFile file)
    {
        _file = file;
        _put = _file.Prepare("INSERT OR REPLACE INTO points VALUES (?1, ?2, ?3, ?4, ?5)");
        _setPayload = _file.Prepare("UPDATE points SET version = ?2, payload = ?3 WHERE slot = ?1");
        _setVectors = _file.Prepare("UPDATE points SET version = ?2, vectors = ?3 WHERE slot = ?1");
        _delete = _file.Prepare("DELETE FROM points WHERE slot = ?1");
        _setOperation = _file.Prepare("UPDATE operations SET last = ?1");
    }

    public string Path => _file.Path;

    /// <summary>
    /// Makes the file, and has it on disk before it is listed in the catalog: a file that is listed and not whole is damage, never a beginning.
    /// </summary>
    public static PointFile Create(string path, int? maxPages) => Prepared(Sqlite(path, SqliteOpenMode.ReadWriteCreate, maxPages), file =>
    {
        file.InTransaction(() => file.Execute("""
            CREATE TABLE points (slot INTEGER PRIMARY KEY, id BLOB NOT NULL, version INTEGER NOT NULL, payload BLOB NOT NULL, vectors BLOB NOT NULL);
            CREATE TABLE operations (single INTEGER PRIMARY KEY CHECK (single = 1), last INTEGER NOT NULL);
            INSERT INTO operations VALUES (1, 0);
            """));
        file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    });

    /// <summary>Opens a file that must be there: making a missing one anew would hide that its points are lost.</summary>
    public static PointFile Open(string path, int? maxPages) => File.Exists(path)
        ? Prepared(Sqlite(path, SqliteOpenMode.ReadWrite, maxPages), _ => { })
        : throw new FileNotFoundException("the file is missing", path);

    /// <summary>Whether the file holds no point, nor anything else that may be someone's: no other tables.</summary>
    public static bool IsEmpty(string path)
    {
        using var file = Sqlite(path, SqliteOpenMode.ReadWrite, maxPages: null);
        var tables = new List<string>();
        file.Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => tables.Add(row.GetString(0)));
        if (tables.Exists(table => table is not ("points" or "operations"))) return false;
        var empty = true;
        if (tables.Contains("points")) file.Query("SELECT 1 FROM points LIMIT 1", _ => empty = false);
        return empty;
    }

    /// <summary>Stores all changes of a plan and the number of its operation, or nothing.</summary>
    public void Commit(WritePlan plan, ulong operation) => _file.InTransaction(() =>
    {
        foreach (var row in plan.Rows) Write(plan, row, (long)operation);
        _setOperation.Bind(1, (long)operation).Run();
    });

    /// <summary>Writes all of it, as it is now, to a new file.</summary>
    public void CopyTo(string path) => _file.Execute("VACUUM INTO $path", ("$path", path));

    /// <summary>Brings everything back into memory and returns the number of the last operation. Vectors of deleted names are left out.</summary>
    public ulong Load(PointStore points)
    {
        var spaces = points.Spaces.ToDictionary(space => space.Key);
        using var all = _file.Prepare("SELECT slot, id, version, payload, vectors FROM points ORDER BY slot");
        while (all.Next())
        {
            var slot = (int)all.Integer(0);
            points.Restore(slot, PointKey.FromStored(all.Blob(1)), (ulong)all.Integer(2), all.Blob(3).ToArray());
            for (var rest = all.Blob(4); !rest.IsEmpty;)
            {
                var key = BinaryPrimitives.ReadInt32LittleEndian(rest);
                var size = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
                var values = MemoryMarshal.Cast<byte, float>(rest.Slice(8, checked(size * sizeof(float))));
                if (spaces.TryGetValue(key, out var space))
                {
                    if (size != space.Size) throw new InvalidDataException($"A vector '{space.Name}' in row {slot} has {size} numbers, expected {space.Size}.");
                    space.Arena.Set(slot, values);
                }

                rest = rest[(8 + (size * sizeof(float)))..];
            }
        }

        points.FinishRestore();
        ulong last = 0;
        _file.Query("SELECT last FROM operations", row => last = (ulong)row.GetInt64(0));
        return last;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _put, _setPayload, _setVectors, _delete, _setOperation }) statement.Dispose();
        _file.Dispose();
    }

    private static SqliteFile Sqlite(string path, SqliteOpenMode mode, int? maxPages) => new(path, mode, SyncAt.Checkpoints, maxPages);

    private static PointFile Prepared(SqliteFile file, Action<SqliteFile> prepare)
    {
        try
        {
            prepare(file);
            return new PointFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Write(WritePlan plan, PlannedRow row, long operation)
    {
        switch (row.Change)
        {
            case RowChange.Put:
                Span<byte> id = stackalloc byte[row.Id.StoredSize];
                row.Id.Store(id);
                _put.Bind(1, row.Slot).Bind(2, id).Bind(3, operation).Bind(4, row.Payload).Bind(5, VectorBlob(plan, row)).Run();
                break;
            case RowChange.Payload:
                _setPayload.Bind(1, row.Slot).Bind(2, operation).Bind(3, row.Payload).Run();
                break;
            case RowChange.Vectors:
                _setVectors.Bind(1, row.Slot).Bind(2, operation).Bind(3, VectorBlob(plan, row)).Run();
                break;
            default:
                _delete.Bind(1, row.Slot).Run();
                break;
        }
    }

    /// <summary>For each vector its key, its size and its floats, all little-endian.</summary>
    private ReadOnlySpan<byte> VectorBlob(WritePlan plan, PlannedRow row)
    {
        var used = 0;
        for (var i = 0; i < row.VectorCount; i++)
        {
            var vector = plan.VectorAt(row.FirstVector + i);
            var bytes = MemoryMarshal.AsBytes(plan.ValuesOf(vector));
            if (_blob.Length < used + 8 + bytes.Length) Array.Resize(ref _blob, Math.Max(_blob.Length * 2, used + 8 + bytes.Length));
            BinaryPrimitives.WriteInt32LittleEndian(_blob.AsSpan(used), vector.Space.Key);
            BinaryPrimitives.WriteInt32LittleEndian(_blob.AsSpan(used + 4), vector.Space.Size);
            bytes.CopyTo(_blob.AsSpan(used + 8));
            used += 8 + bytes.Length;
        }

        return _blob.AsSpan(0, used);
    }
}
