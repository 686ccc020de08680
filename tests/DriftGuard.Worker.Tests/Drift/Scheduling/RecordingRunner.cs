using System.Threading.Channels;
using DriftGuard.Worker.Drift.Scheduling;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

/// <summary>Writes down what it is asked to check, and takes as long over it as a test says.</summary>
internal sealed class RecordingRunner : IDriftCheckRunner
{
    private readonly Channel<string> begun = Channel.CreateUnbounded<string>();
    private readonly List<(string Index, DriftCheckRequest Check)> checks = [];
    private int running;

    /// <summary>What a check does.</summary>
    public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;

    /// <summary>The most checks that ran at a time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Checks that run now.</summary>
    public int Running => Volatile.Read(ref running);

    public IReadOnlyList<(string Index, DriftCheckRequest Check)> Checks
    {
        get
        {
            lock (checks)
            {
                return [.. checks];
            }
        }
    }

    /// <summary>What was checked, in order.</summary>
    public IEnumerable<string> Detectors => Checks.Select(c => string.Join("+", c.Check.Detectors));

    /// <summary>Waits until another check has begun.</summary>
    public async Task BegunAsync() => await begun.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task RunScheduledAsync(string index, DriftCheckRequest request, CancellationToken cancellation)
    {
        lock (checks)
        {
            checks.Add((index, request));
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
        }

        begun.Writer.TryWrite(index);
        try
        {
            await Work(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
