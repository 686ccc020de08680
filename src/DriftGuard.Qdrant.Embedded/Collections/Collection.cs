using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Storage;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>
/// A collection: its points in memory and on disk, and the discipline between them. One writer at a time; what it decided goes to disk in
/// one transaction, then to memory under the lock that readers share, so that a reader never sees half an operation.
/// </summary>
internal sealed class Collection : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly ReaderWriterLockSlim _memory = new();
    private readonly PointFile _file;
    private readonly PointStore _points;
    private volatile StoredCollection _stored;
    private ulong _lastOperation;
    private bool _gone;
    private bool _outOfStep; // written under the memory lock

    public Collection(StoredCollection stored, PointFile file, TimeProvider clock)
    {
        _stored = stored;
        _file = file;
        _points = new PointStore(VectorSpaces.Of(stored));
        _lastOperation = file.Load(_points);
        Limits = new StrictMode(stored.Config.StrictModeConfig, clock);
    }

    public string Name => _stored.Name;

    /// <summary>What the catalog stores of it: configuration, vector names, payload indexes.</summary>
    public StoredCollection Stored => _stored;

    public StrictMode Limits { get; private set; }

    public PayloadCounts Counts { get; } = new(PayloadIndexes.Count);

    public ulong LastOperation => Volatile.Read(ref _lastOperation);

    /// <summary>Reads points while no writer changes them. The reader must not wait for anything.</summary>
    public T Read<T>(Func<PointStore, T> read)
    {
        _memory.EnterReadLock();
        try
        {
            if (_outOfStep) throw Refusal.OutOfStep(Name);
            return read(_points);
        }
        finally
        {
            _memory.ExitReadLock();
        }
    }

    /// <summary>
    /// Runs one operation: <paramref name="decide"/> fills a plan from what is there; then all of it is stored and shown, or none.
    /// Returns the number of the operation.
    /// </summary>
    public async Task<ulong> WriteAsync(Action<PointStore, WritePlan> decide, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            CheckWritable();
            using var plan = _points.NewPlan();
            decide(_points, plan); // only the writer changes points, and this is the writer: no lock is needed to read
            var operation = _lastOperation + 1;
            _file.Commit(plan, operation);
            Show(() => _points.Apply(plan, operation));
            Volatile.Write(ref _lastOperation, operation);
            return operation;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// Changes what the catalog stores of the collection: <paramref name="save"/> puts it on disk, then it holds. Counts as an operation where
    /// Qdrant counts one.
    /// </summary>
    public async Task<ulong> ChangeAsync(
        Func<StoredCollection, StoredCollection> change, Action<StoredCollection> save, bool isOperation, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            CheckWritable();
            var changed = change(_stored);
            if (isOperation)
            {
                using var nothing = _points.NewPlan();
                _file.Commit(nothing, _lastOperation + 1);
                Volatile.Write(ref _lastOperation, _lastOperation + 1);
            }

            save(changed);
            Show(() =>
            {
                _points.SetSpaces(VectorSpaces.Of(changed, _points.Spaces));
                Limits = Limits.With(changed.Config.StrictModeConfig);
                _stored = changed;
            });
            return _lastOperation;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Writes all of it to a file, as it is after the writes in flight; those that come wait.</summary>
    public async Task SnapshotAsync(string path, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            CheckWritable();
            _file.CopyTo(path);
            SnapshotFile.Complete(path, _stored);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// Ends the collection after writes in flight: <paramref name="forget"/> takes it off the catalog, then its file goes, if need be at the
    /// next start.
    /// </summary>
    public async Task DropAsync(Action forget, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            if (_gone) throw Refusal.NoCollection(Name);
            forget();
            _gone = true;
            _file.Dispose();
            PointFiles.TryRemove(_file.Path);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Closes the file after writes in flight; reads in flight end by themselves.</summary>
    public void Dispose()
    {
        _writer.Wait();
        if (!_gone) _file.Dispose();
        _gone = true;
        _writer.Release();
    }

    private void CheckWritable()
    {
        if (_gone) throw Refusal.NoCollection(Name);
        if (_outOfStep) throw Refusal.OutOfStep(Name);
    }

    /// <summary>
    /// Makes what is stored visible. Where that fails, as when memory runs out, memory may hold half of it: the disk is right, so nothing is
    /// read from memory or decided by it until a restart has loaded the disk.
    /// </summary>
    private void Show(Action change)
    {
        _memory.EnterWriteLock();
        try
        {
            change();
        }
        catch (Exception error)
        {
            _outOfStep = true;
            throw new OutOfStepException(Name, error);
        }
        finally
        {
            _memory.ExitWriteLock();
        }
    }
}
