using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Inference;

/// <summary>
/// A thread for each session. One session a core with one thread each mostly does more texts a second than one session with all threads,
/// and threads of our own keep long runs off the thread pool that serves requests.
/// </summary>
internal sealed class SessionWorkers : IDisposable
{
    private readonly WorkQueue _queue = new();
    private readonly List<Thread> _threads = [];

    /// <summary>Starts the threads; the sessions belong to them from here on.</summary>
    public SessionWorkers(IReadOnlyList<OnnxSession> sessions)
    {
        Count = sessions.Count;
        foreach (var session in sessions)
        {
            var thread = new Thread(() => Work(session)) { IsBackground = true, Name = $"driftguard-embedding-{_threads.Count}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Hands out work; the task ends with the last piece.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Task RunAsync(IReadOnlyCollection<Action<OnnxSession>> actions, bool interactive, CancellationToken cancellationToken)
    {
        var group = new WorkGroup(actions.Count, cancellationToken);
        _queue.Add([.. actions.Select(action => new Work(group, action))], interactive);
        return group.Completion;
    }

    /// <summary>Lets workers go once there is no work left, and frees their sessions; waits for it if all go.</summary>
    public void Dismiss(int workers)
    {
        Count -= workers;
        _queue.Dismiss(workers);
        if (Count == 0)
            _threads.ForEach(t => t.Join());
    }

    /// <summary>Waits for the runs under way; work that was not begun fails with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_queue.Close(_threads.Count, out var left))
            return;
        foreach (var work in left)
            work.Group.Fail(new ObjectDisposedException(nameof(EmbeddingModel)));
        _threads.ForEach(t => t.Join());
        _queue.Dispose();
    }

    private void Work(OnnxSession session)
    {
        using (session)
        {
            while (_queue.Take() is { } work)
                work.Run(session);
        }
    }
}
