namespace DriftGuard.Embedding.Inference;

/// <summary>
/// What workers do next, in two lanes: interactive work goes first, and one piece of bulk work in eight takes gets through, so that
/// a stream of searches slows a re-embed down but never stops it.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private const int InteractiveInARow = 7;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Queue<Work> _interactive = new();
    private readonly Queue<Work> _bulk = new();
    private int _inARow;
    private bool _closed;

    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(IReadOnlyCollection<Work> work, bool interactive)
    {
        if (work.Count == 0)
            return;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddingModel));
            foreach (var piece in work)
                (interactive ? _interactive : _bulk).Enqueue(piece);
            _available.Release(work.Count);
        }
    }

    /// <summary>Waits for the next piece; <see langword="null"/> for a worker that is to go.</summary>
    public Work? Take()
    {
        _available.Wait();
        lock (_lock)
        {
            if (_closed)
                return null;
            if (_interactive.Count > 0 && (_bulk.Count == 0 || _inARow < InteractiveInARow))
            {
                _inARow++;
                return _interactive.Dequeue();
            }

            _inARow = 0;
            return _bulk.TryDequeue(out var work) ? work : null;
        }
    }

    /// <summary>Lets some workers go, once all work that was added is taken.</summary>
    public void Dismiss(int workers)
    {
        // One permit more than there is work: whoever finds nothing goes.
        if (workers > 0)
            _available.Release(workers);
    }

    /// <summary>Lets all workers go and gives back what nobody will do; <see langword="false"/> if that was done before.</summary>
    public bool Close(int workers, out IReadOnlyList<Work> left)
    {
        lock (_lock)
        {
            left = _closed ? [] : [.. _interactive, .. _bulk];
            if (_closed)
                return false;
            _closed = true;
            _available.Release(workers);
            return true;
        }
    }

    /// <summary>To be called once the workers are gone.</summary>
    public void Dispose() => _available.Dispose();
}
