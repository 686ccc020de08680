using Google.Protobuf;
using Microsoft.Data.Sqlite;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Storage;

/// <summary>A collection as the catalog stores it. Vector keys tell which stored vectors belong to which name.</summary>
internal sealed record StoredCollection(
    string Name, string PointsFile, CollectionConfig Config, IReadOnlyDictionary<string, int> VectorKeys, int NextVectorKey,
    IReadOnlyDictionary<string, PayloadSchemaInfo> PayloadSchema);

/// <summary>Which collections and aliases there are: one small file beside the points files, so that a switch of aliases is one transaction.</summary>
internal sealed class CatalogFile : IDisposable
{
    private readonly SqliteFile _file;

    public CatalogFile(string path)
    {
        _file = new SqliteFile(path, SqliteOpenMode.ReadWriteCreate, SyncAt.Commits, maxPages: null);
        _file.Execute("""
            CREATE TABLE IF NOT EXISTS collections (name TEXT PRIMARY KEY, points_file TEXT NOT NULL, config BLOB NOT NULL, next_vector_key INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS vector_keys (collection TEXT NOT NULL, name TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (collection, name));
            CREATE TABLE IF NOT EXISTS payload_indexes (collection TEXT NOT NULL, field TEXT NOT NULL, schema BLOB NOT NULL, PRIMARY KEY (collection, field));
            CREATE TABLE IF NOT EXISTS dropped_files (points_file TEXT PRIMARY KEY);
            CREATE TABLE IF NOT EXISTS aliases (name TEXT PRIMARY KEY, collection TEXT NOT NULL);
            """);
    }

    public string Path => _file.Path;

    public IReadOnlyList<StoredCollection> Collections()
    {
        var keys = new List<(string Collection, string Name, int Key)>();
        _file.Query("SELECT collection, name, key FROM vector_keys", row => keys.Add((row.GetString(0), row.GetString(1), row.GetInt32(2))));
        var indexes = new List<(string Collection, string Field, PayloadSchemaInfo Schema)>();
        _file.Query("SELECT collection, field, schema FROM payload_indexes", row =>
            indexes.Add((row.GetString(0), row.GetString(1), PayloadSchemaInfo.Parser.ParseFrom((byte[])row.GetValue(2)))));
        var collections = new List<StoredCollection>();
        _file.Query("SELECT name, points_file, config, next_vector_key FROM collections", row =>
        {
            var name = row.GetString(0);
            collections.Add(new StoredCollection(
                name, row.GetString(1), CollectionConfig.Parser.ParseFrom((byte[])row.GetValue(2)),
                keys.Where(key => string.Equals(key.Collection, name, StringComparison.Ordinal)).ToDictionary(key => key.Name, key => key.Key, StringComparer.Ordinal),
                row.GetInt32(3),
                indexes.Where(index => string.Equals(index.Collection, name, StringComparison.Ordinal)).ToDictionary(index => index.Field, index => index.Schema, StringComparer.Ordinal)));
        });
        return collections;
    }

    public IReadOnlyDictionary<string, string> Aliases()
    {
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        _file.Query("SELECT name, collection FROM aliases", row => aliases.Add(row.GetString(0), row.GetString(1)));
        return aliases;
    }

    /// <summary>Points files of deleted collections that may still be there.</summary>
    public IReadOnlyList<string> DroppedFiles()
    {
        var files = new List<string>();
        _file.Query("SELECT points_file FROM dropped_files", row => files.Add(row.GetString(0)));
        return files;
    }

    /// <summary>Forgets a dropped file that is gone.</summary>
    public void ForgetDropped(string pointsFile) => _file.Execute("DELETE FROM dropped_files WHERE points_file = $file", ("$file", pointsFile));

    /// <summary>Stores a collection, new or changed.</summary>
    public void Save(StoredCollection collection) => _file.InTransaction(() =>
    {
        Forget(collection.Name);
        _file.Execute(
            "INSERT INTO collections VALUES ($name, $file, $config, $next)",
            ("$name", collection.Name), ("$file", collection.PointsFile), ("$config", collection.Config.ToByteArray()), ("$next", collection.NextVectorKey));
        foreach (var (name, key) in collection.VectorKeys)
            _file.Execute("INSERT INTO vector_keys VALUES ($collection, $name, $key)", ("$collection", collection.Name), ("$name", name), ("$key", key));
        foreach (var (field, schema) in collection.PayloadSchema)
            _file.Execute(
                "INSERT INTO payload_indexes VALUES ($collection, $field, $schema)",
                ("$collection", collection.Name), ("$field", field), ("$schema", schema.ToByteArray()));
    });

    /// <summary>Removes a collection together with the aliases that point to it, and records that its points file may go.</summary>
    public void Delete(string collection) => _file.InTransaction(() =>
    {
        _file.Execute("INSERT OR IGNORE INTO dropped_files SELECT points_file FROM collections WHERE name = $name", ("$name", collection));
        Forget(collection);
        _file.Execute("DELETE FROM aliases WHERE collection = $name", ("$name", collection));
    });

    public void SaveAliases(IReadOnlyDictionary<string, string> aliases) => _file.InTransaction(() =>
    {
        _file.Execute("DELETE FROM aliases");
        foreach (var (alias, collection) in aliases)
            _file.Execute("INSERT INTO aliases VALUES ($alias, $collection)", ("$alias", alias), ("$collection", collection));
    });

    public void Dispose() => _file.Dispose();

    private void Forget(string collection) => _file.Execute(
        """
        DELETE FROM collections WHERE name = $name;
        DELETE FROM vector_keys WHERE collection = $name;
        DELETE FROM payload_indexes WHERE collection = $name;
        """,
        ("$name", collection));
}
