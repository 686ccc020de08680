using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Inference;

/// <summary>
/// A thread for each session. One session a core with one thread each does more texts a second than one session with all threads,
/// and threads of our own keep long runs off the thread pool that serves requests.
/// </summary>
internal sealed class SessionWorkers : IDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly Thread[] _threads;

    /// <summary>Starts the threads; the sessions belong to them from here on.</summary>
    public SessionWorkers(IReadOnlyList<OnnxSession> sessions)
    {
        Sessions = sessions;
        _threads = new Thread[sessions.Count];
        for (var i = 0; i < _threads.Length; i++)
        {
            var session = sessions[i];
            _threads[i] = new(() => Work(session)) { IsBackground = true, Name = $"driftguard-embedding-{i}" };
            _threads[i].Start();
        }
    }

    public IReadOnlyList<OnnxSession> Sessions { get; }

    /// <summary>Hands out work; the task ends with the last piece.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Task RunAsync(IReadOnlyCollection<Action<OnnxSession>> actions, bool interactive, CancellationToken cancellationToken)
    {
        var group = new WorkGroup(actions.Count, cancellationToken);
        _queue.Add([.. actions.Select(action => new Work(group, action))], interactive);
        return group.Completion;
    }

    /// <summary>Waits for the runs under way; work that was not begun fails with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_queue.Close(_threads.Length, out var left))
            return;
        foreach (var work in left)
            work.Group.Fail(new ObjectDisposedException(nameof(EmbeddingModel)));
        foreach (var thread in _threads)
            thread.Join();
        foreach (var session in Sessions)
            session.Dispose();
        _queue.Dispose();
    }

    private void Work(OnnxSession session)
    {
        while (_queue.Take() is { } work)
            work.Run(session);
    }
}
