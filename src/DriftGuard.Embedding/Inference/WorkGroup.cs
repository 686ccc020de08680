using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Inference;

/// <summary>A piece of work for a worker's session.</summary>
internal sealed record Work(WorkGroup Group, Action<OnnxSession> Action)
{
    public void Run(OnnxSession session)
    {
        if (!Group.IsOver)
        {
            try
            {
                Action(session);
            }
            catch (Exception e)
            {
                Group.Fail(e);
            }
        }

        Group.OneDone();
    }
}

/// <summary>Pieces of work that are waited for together. The first exception or a cancellation ends it for all.</summary>
internal sealed class WorkGroup
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;
    private int _left;

    public WorkGroup(int pieces, CancellationToken cancellationToken)
    {
        _left = pieces;
        if (pieces == 0)
            _completion.TrySetResult();
        else
            _registration = cancellationToken.Register(() => _completion.TrySetCanceled(cancellationToken));
    }

    /// <summary>Ends with the last piece, or as soon as one fails or the caller cancels.</summary>
    public Task Completion => _completion.Task;

    public bool IsOver => _completion.Task.IsCompleted;

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    public void OneDone()
    {
        if (Interlocked.Decrement(ref _left) > 0)
            return;
        _registration.Dispose();
        _completion.TrySetResult();
    }
}
