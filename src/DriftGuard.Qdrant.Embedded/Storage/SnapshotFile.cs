using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>
/// A snapshot: the points file of a collection as it was at one moment, and in it what the catalog stores of the collection. Aliases are not part of it,
/// as in Qdrant. It is this server's own: a Qdrant server does not read it, nor this one a server's.
/// </summary>
internal static class SnapshotFile
{
    /// <summary>Adds to a copy of a points file what the catalog stores.</summary>
    public static void Complete(string path, StoredCollection collection)
    {
        using var file = new SqliteFile(path, SqliteOpenMode.ReadWrite, SyncAt.Commits, maxPages: null);
        file.InTransaction(() =>
        {
            file.Execute("""
                CREATE TABLE collection (config BLOB NOT NULL, next_vector_key INTEGER NOT NULL);
                CREATE TABLE vector_keys (name TEXT PRIMARY KEY, key INTEGER NOT NULL);
                CREATE TABLE payload_indexes (field TEXT PRIMARY KEY, schema BLOB NOT NULL);
                """);
            file.Execute("INSERT INTO collection VALUES ($config, $next)", ("$config", collection.Config.ToByteArray()), ("$next", collection.NextVectorKey));
            foreach (var (name, key) in collection.VectorKeys) file.Execute("INSERT INTO vector_keys VALUES ($name, $key)", ("$name", name), ("$key", key));
            foreach (var (field, schema) in collection.PayloadSchema)
                file.Execute("INSERT INTO payload_indexes VALUES ($field, $schema)", ("$field", field), ("$schema", schema.ToByteArray()));
        });
        file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Turns a copy of a snapshot back into a points file.</summary>
    /// <returns>What the catalog is to store of it, under the name and the file that it is to have.</returns>
    /// <exception cref="InvalidDataException">It is no snapshot of this server.</exception>
    public static StoredCollection Restore(string path, string name)
    {
        try
        {
            using var file = new SqliteFile(path, SqliteOpenMode.ReadWrite, SyncAt.Commits, maxPages: null);
            var damage = new List<string>();
            file.Query("PRAGMA quick_check(1)", row => damage.Add(row.GetString(0)));
            if (damage is not ["ok"]) throw new InvalidDataException($"it is damaged: {damage[0]}");
            var (config, next, keys, indexes) = ((CollectionConfig?)null, 0, new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, PayloadSchemaInfo>(StringComparer.Ordinal));
            file.Query("SELECT config, next_vector_key FROM collection", row => (config, next) = (CollectionConfig.Parser.ParseFrom((byte[])row.GetValue(0)), row.GetInt32(1)));
            file.Query("SELECT name, key FROM vector_keys", row => keys.Add(row.GetString(0), row.GetInt32(1)));
            file.Query("SELECT field, schema FROM payload_indexes", row => indexes.Add(row.GetString(0), PayloadSchemaInfo.Parser.ParseFrom((byte[])row.GetValue(1))));
            file.InTransaction(() => file.Execute("DROP TABLE collection; DROP TABLE vector_keys; DROP TABLE payload_indexes;"));
            file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return new(name, Path.GetFileName(path), config ?? throw new InvalidDataException("it names no collection"), keys, next, indexes);
        }
        catch (Exception failure) when (failure is SqliteException or StorageException or InvalidProtocolBufferException)
        {
            throw new InvalidDataException("it is no snapshot of the embedded Qdrant; one of a Qdrant server is restored there", failure);
        }
    }
}
