using System.Collections.Concurrent;

namespace DriftGuard.Worker.Rollouts;

/// <summary>How far the work under way has come, for those who watch it; nothing is decided by it.</summary>
public sealed class RolloutProgress : IRolloutMemory
{
    private readonly ConcurrentDictionary<string, Work> work = new(StringComparer.Ordinal);

    /// <summary>Begins a piece of work on a rollout.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="what">What is done, such as "copying".</param>
    /// <param name="total">Units to do; 0 if not known.</param>
    /// <param name="done">Units done already.</param>
    public void Begin(string rolloutId, string what, long total, long done = 0) => work[rolloutId] = new(what, total, done) { Done = done };

    /// <summary>Counts units as done.</summary>
    public void Advance(string rolloutId, long units)
    {
        if (work.TryGetValue(rolloutId, out var now))
        {
            Interlocked.Add(ref now.Done, units);
        }
    }

    /// <summary>Says how the work under way goes, in words; empty for nothing to say.</summary>
    public void Tell(string rolloutId, string note)
    {
        if (work.TryGetValue(rolloutId, out var now))
        {
            now.Note = note;
        }
    }

    /// <summary>What was last said of the work under way; empty where nothing was.</summary>
    public string NoteOf(string rolloutId) => work.TryGetValue(rolloutId, out var now) ? now.Note : "";

    /// <summary>What is under way, and how much of it was done before it began; null if nothing has begun.</summary>
    public (string What, long Done, long Total, long Before)? Now(string rolloutId) =>
        work.TryGetValue(rolloutId, out var now) ? (now.What, Interlocked.Read(ref now.Done), now.Total, now.Before) : null;

    /// <inheritdoc/>
    void IRolloutMemory.Forget(string rolloutId) => work.TryRemove(rolloutId, out _);

    private sealed class Work(string what, long total, long before)
    {
        public long Done;

        public string What { get; } = what;

        public string Note { get; set; } = "";

        public long Total { get; } = total;

        public long Before { get; } = before;
    }
}
