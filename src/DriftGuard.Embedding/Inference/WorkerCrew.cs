using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Inference;

/// <summary>The workers in use and the settings they work with. They may be exchanged while calls go on: what was begun is brought to its end.</summary>
internal sealed class WorkerCrew(SessionWorkers workers, InferenceSettings settings) : IDisposable
{
    private readonly Lock _lock = new();
    private SessionWorkers _workers = workers;
    private volatile InferenceSettings _settings = settings;
    private bool _disposed;

    public InferenceSettings Settings => _settings;

    /// <summary>The workers of this moment; they are the crew's.</summary>
    public SessionWorkers Workers
    {
        get
        {
            lock (_lock)
                return _workers;
        }
    }

    /// <inheritdoc cref="SessionWorkers.RunAsync"/>
    public Task RunAsync(IReadOnlyCollection<Action<OnnxSession>> actions, bool interactive, CancellationToken cancellationToken)
    {
        // Under the lock, or the work might go to workers that were just let go.
        lock (_lock)
            return _workers.RunAsync(actions, interactive, cancellationToken);
    }

    /// <summary>Takes other settings, and other workers unless they are the same; waits until those of before are done.</summary>
    public void Exchange(SessionWorkers workers, InferenceSettings settings)
    {
        SessionWorkers before;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddingModel));
            before = _workers;
            _workers = workers;
            _settings = settings;
            workers.Dismiss(workers.Count - settings.Sessions);
        }

        if (before != workers)
            before.Dismiss(before.Count);
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _workers.Dispose();
    }
}
