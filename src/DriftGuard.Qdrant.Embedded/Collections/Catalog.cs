using System.Collections.Immutable;
using DriftGuard.Qdrant.Embedded.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>What there is at one moment: collections by name, and aliases with the collection that each points to.</summary>
internal sealed record CatalogView(ImmutableDictionary<string, Collection> Collections, ImmutableDictionary<string, string> Aliases)
{
    public static readonly CatalogView Empty = new(
        ImmutableDictionary.Create<string, Collection>(StringComparer.Ordinal), ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>The collection of that name or alias.</summary>
    public Collection? Find(string name) =>
        Collections.GetValueOrDefault(name) ?? (Aliases.TryGetValue(name, out var target) ? Collections.GetValueOrDefault(target) : null);
}

/// <summary>
/// The collections and aliases of a data folder. A change is stored first, then shown by exchanging one view for the next: a request sees all
/// of an alias switch or none of it, and never waits for one.
/// </summary>
internal sealed class Catalog : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly CatalogFile _file;
    private readonly string _directory;
    private readonly PointFiles _pointFiles;
    private readonly TimeProvider _clock;
    private readonly int? _maxPages;
    private volatile CatalogView _view = CatalogView.Empty;

    /// <summary>Opens a data folder that this process holds, and loads every collection.</summary>
    public Catalog(string directory, TimeProvider clock, int? maxPages, ILoggerFactory loggers)
    {
        _directory = directory;
        _pointFiles = new PointFiles(directory, loggers.CreateLogger<PointFiles>());
        _clock = clock;
        _maxPages = maxPages;
        _file = new CatalogFile(Path.Combine(directory, "catalog.db"));
        try
        {
            Load();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public CatalogView View => _view;

    /// <summary>The data folder.</summary>
    public string Folder => _directory;

    /// <summary>The collection of that name or alias, or the refusal that there is none.</summary>
    public Collection Get(string name) => _view.Find(name) ?? throw Refusal.NoCollection(name);

    public Task CreateAsync(CreateCollection request, CancellationToken cancellationToken) => ExclusivelyAsync(view =>
    {
        var name = request.CollectionName;
        CheckFree(view, name);
        var config = NewCollection.Configure(request);
        var keys = VectorSpaces.Declared(config.Params.VectorsConfig).Select((declared, index) => (declared.Name, index))
            .ToDictionary(declared => declared.Name, declared => declared.index, StringComparer.Ordinal);
        var stored = new StoredCollection(name, PointFiles.NewName(), config, keys, keys.Count, ImmutableDictionary<string, PayloadSchemaInfo>.Empty);
        return Task.FromResult(view with { Collections = view.Collections.Add(name, Add(stored, PointFile.Create)) });
    }, cancellationToken);

    /// <summary>Makes a collection of a snapshot.</summary>
    /// <param name="name">Its name, which no collection and no alias has.</param>
    /// <param name="write">Writes the snapshot to a path.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task RecoverAsync(string name, Func<string, Task> write, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_directory, PointFiles.NewName());
        try
        {
            CheckFree(_view, name);
            await write(path);
            var stored = SnapshotFile.Restore(path, name);
            await ExclusivelyAsync(view =>
            {
                CheckFree(view, name);
                return Task.FromResult(view with { Collections = view.Collections.Add(name, Add(stored, PointFile.Open)) });
            }, cancellationToken);
        }
        catch (Exception failure)
        {
            PointFiles.TryRemove(path);
            if (failure is InvalidDataException) throw Refusal.BadRequest($"The snapshot cannot be restored: {failure.Message}");
            throw;
        }
    }

    /// <summary>Deletes a collection with its aliases; false where there is none of that name. An alias name deletes nothing.</summary>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var deleted = false;
        await ExclusivelyAsync(async view =>
        {
            if (!view.Collections.TryGetValue(name, out var collection)) return view;
            deleted = true;
            await collection.DropAsync(() => _file.Delete(name), cancellationToken);
            var aliases = view.Aliases.Where(alias => string.Equals(alias.Value, name, StringComparison.Ordinal)).Select(alias => alias.Key);
            return new CatalogView(view.Collections.Remove(name), view.Aliases.RemoveRange(aliases));
        }, cancellationToken);
        return deleted;
    }

    /// <summary>Changes what is stored of a collection: its configuration, vector names or payload indexes. Returns the operation's number.</summary>
    public async Task<ulong> ChangeAsync(
        string name, Func<StoredCollection, StoredCollection> change, bool isOperation, CancellationToken cancellationToken)
    {
        ulong operation = 0;
        await ExclusivelyAsync(async view =>
        {
            var collection = view.Find(name) ?? throw Refusal.NoCollection(name);
            operation = await collection.ChangeAsync(change, _file.Save, isOperation, cancellationToken);
            return view;
        }, cancellationToken);
        return operation;
    }

    /// <summary>Carries out alias actions in order. One that fails ends them, and those before it stay done.</summary>
    public Task ChangeAliasesAsync(ChangeAliases request, CancellationToken cancellationToken) => ExclusivelyAsync(view =>
    {
        var (changed, failure) = AliasActions.Apply(view, request.Actions);
        if (!ReferenceEquals(changed, view.Aliases)) _file.SaveAliases(changed);
        _view = view with { Aliases = changed };
        return failure is null ? Task.FromResult(_view) : throw failure;
    }, cancellationToken);

    public void Dispose()
    {
        foreach (var collection in _view.Collections.Values) collection.Dispose();
        _file.Dispose();
        _writer.Dispose();
    }

    private static void CheckFree(CatalogView view, string name)
    {
        if (view.Collections.ContainsKey(name)) throw Refusal.CollectionExists(name);
        if (view.Aliases.ContainsKey(name)) throw Refusal.NameIsAlias(name);
    }

    /// <summary>Opens a collection that is new, and has the catalog list it.</summary>
    private Collection Add(StoredCollection stored, Func<string, int?, PointFile> open)
    {
        var collection = Open(stored, open);
        try
        {
            _file.Save(stored);
            return collection;
        }
        catch
        {
            collection.Dispose();
            PointFiles.TryRemove(Path.Combine(_directory, stored.PointsFile));
            throw;
        }
    }

    private IReadOnlyList<StoredCollection> Stored()
    {
        try
        {
            return _file.Collections();
        }
        catch (Exception error)
        {
            throw new StorageException($"The catalog '{_file.Path}' cannot be read: {Reason(error)}", error);
        }
    }

    private static string Reason(Exception error) => (error as StorageException)?.Detail ?? error.Message;

    private void Load()
    {
        var stored = Stored();
        _pointFiles.CleanUp(_file, stored);
        _view = _view with { Aliases = _view.Aliases.AddRange(_file.Aliases()) };
        foreach (var collection in stored) _view = _view with { Collections = _view.Collections.Add(collection.Name, Load(collection)) };
    }

    /// <summary>What is wrong with a file at start is told with its name: a user repairs or restores files.</summary>
    private Collection Load(StoredCollection stored)
    {
        try
        {
            return Open(stored, PointFile.Open);
        }
        catch (Exception error)
        {
            throw new StorageException(
                $"The points of collection '{stored.Name}' in '{Path.Combine(_directory, stored.PointsFile)}' cannot be loaded: {Reason(error)}", error);
        }
    }

    private async Task ExclusivelyAsync(Func<CatalogView, Task<CatalogView>> change, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            _view = await change(_view);
        }
        finally
        {
            _writer.Release();
        }
    }

    private Collection Open(StoredCollection stored, Func<string, int?, PointFile> open)
    {
        var path = Path.Combine(_directory, stored.PointsFile);
        PointFile? file = null;
        try
        {
            file = open(path, _maxPages);
            return new Collection(stored, file, _clock);
        }
        catch (SqliteException error)
        {
            file?.Dispose();
            throw StorageException.Of(error, path);
        }
        catch
        {
            file?.Dispose();
            throw;
        }
    }
}
