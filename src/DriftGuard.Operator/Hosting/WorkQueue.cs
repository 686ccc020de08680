using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Hosting;

/// <summary>
/// What is to be looked at, and when: each resource once, however often it is named, and by one at a time. As long as the resources that there are, and no
/// longer.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class WorkQueue(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private const int MostDoublings = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, DateTimeOffset> _due = [];
    private readonly HashSet<ResourceKey> _inHand = [];
    private readonly Dictionary<ResourceKey, int> _failures = [];
    private TaskCompletionSource _changed = New();

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>A resource is to be looked at after some time, or sooner where it is to be already.</summary>
    public void Add(ResourceKey key, TimeSpan after = default)
    {
        lock (_lock)
        {
            var at = time.GetUtcNow() + after;
            if (!_due.TryGetValue(key, out var known) || at < known)
            {
                _due[key] = at;
                _changed.TrySetResult();
            }
        }
    }

    /// <summary>The next resource, once it is due. Nobody else gets it before it is given back.</summary>
    public async Task<ResourceKey> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            TimeSpan? wait;
            lock (_lock)
            {
                var free = _due.Where(entry => !_inHand.Contains(entry.Key)).ToList();
                wait = free.Count == 0 ? null : free.Min(entry => entry.Value) - time.GetUtcNow();
                if (wait <= TimeSpan.Zero)
                {
                    var key = free.MinBy(entry => entry.Value).Key;
                    _due.Remove(key);
                    _inHand.Add(key);
                    return key;
                }

                if (_changed.Task.IsCompleted)
                {
                    _changed = New();
                }

                changed = _changed.Task;
            }

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(changed, wait is { } time_ ? Task.Delay(time_, time, ended.Token) : Task.Delay(Timeout.Infinite, ended.Token));
            await ended.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A resource was looked at; it is again after some time, or never where that is null.</summary>
    public void Done(ResourceKey key, TimeSpan? again)
    {
        lock (_lock)
        {
            _failures.Remove(key);
            Release(key);
        }

        if (again is { } after)
        {
            Add(key, after);
        }
    }

    /// <summary>Looking at a resource failed: it is looked at again, later and later.</summary>
    /// <returns>After which time.</returns>
    public TimeSpan Failed(ResourceKey key)
    {
        TimeSpan pause;
        lock (_lock)
        {
            var before = _failures.GetValueOrDefault(key);
            _failures[key] = before + 1;
            pause = FirstPause * Math.Pow(2, Math.Min(before, MostDoublings));
            pause = pause < LongestPause ? pause : LongestPause;
            Release(key);
        }

        Add(key, pause);
        return pause;
    }

    private void Release(ResourceKey key)
    {
        _inHand.Remove(key);
        // It may have been named meanwhile, and is free for the next one now.
        _changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
