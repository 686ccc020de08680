using System.Diagnostics;
using System.Globalization;
using DriftGuard.Chaos.Tests.Faults;
using DriftGuard.Chaos.Tests.Oracle;
using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Chaos.Tests.Processes;

/// <summary>A worker that is killed and started again.</summary>
internal sealed class WorkerProcess(string folder, FaultProxy proxy, FakeClock? clock, Findings findings, bool mayEndByItself) : IDisposable
{
    private const string Serving = "Serving on";

    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>(StringComparer.Ordinal);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private DriftGuardProcess? _process;
    private volatile IReadOnlySet<string> _saidBefore = new HashSet<string>(StringComparer.Ordinal);
    private volatile bool _serves;
    private long _killedAt;

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>How often it ended by itself.</summary>
    public int Ends { get; private set; }

    /// <summary>Times from a start until it serves.</summary>
    public List<TimeSpan> Starts { get; } = [];

    /// <summary>Times from a kill until the next worker has written, where that was before the next kill.</summary>
    public List<TimeSpan> Recoveries { get; } = [];

    /// <summary>What the latest one said.</summary>
    public string Said => _process?.SaidSoFar ?? "";

    /// <summary>Whether one has come to serve, and was not seen to have ended since.</summary>
    public bool Serves => _serves;

    /// <summary>Whether any of them said a word so far.</summary>
    public bool HasSaid(string word) => _saidBefore.Contains(word) || Said.Contains(word, StringComparison.Ordinal);

    /// <summary>Words that are looked for in what a worker said before the next one is started.</summary>
    public IReadOnlyList<string> Remember { get; init; } = [];

    /// <summary>Starts it, lets it live until an instant, and kills it.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="isSeenIn">Whether some rollout stands in a phase.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task LiveUntilAsync(KillInstant instant, Func<RolloutPhase, CancellationToken, Task<bool>> isSeenIn, CancellationToken cancellation)
    {
        await StartAsync(instant.AfterStart is null, cancellation);
        if (instant.AfterStart is { } early)
            await KillAfterAsync(early);
        else if (instant.Phase is { } phase)
            await KillInPhaseAsync(() => isSeenIn(phase, cancellation), cancellation);
        else
            await KillAtCallAsync(instant);
    }

    /// <summary>Starts it to stay.</summary>
    public Task StartAsync(CancellationToken cancellation) => StartAsync(untilItServes: true, cancellation);

    /// <summary>Starts it again if it has ended by itself.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellation)
    {
        if (_process is { HasEnded: true })
        {
            RecordEnd();
            await StartAsync(cancellation);
        }
    }

    public void Dispose() => _process?.Dispose();

    private async Task StartAsync(bool untilItServes, CancellationToken cancellation)
    {
        while (true)
        {
            _serves = false;
            _saidBefore = Remember.Where(HasSaid).ToHashSet(StringComparer.Ordinal);
            _process?.Dispose();
            var began = Stopwatch.GetTimestamp();
            _process = DriftGuardProcess.StartWith(clock?.Environment ?? NoVariables, folder, "serve");
            if (!untilItServes)
                return;
            if (await _process.LineAsync(Serving).WaitAsync(cancellation) is not null)
            {
                lock (_lock)
                    Starts.Add(Stopwatch.GetElapsedTime(began));
                _serves = true;
                return;
            }

            RecordEnd();
        }
    }

    private async Task KillInPhaseAsync(Func<Task<bool>> isSeen, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSeen() && Stopwatch.GetElapsedTime(began) < KillInstant.Patience)
            await Task.Delay(LookAgain, cancellation);
        await KillAfterAsync(TimeSpan.Zero);
    }

    private async Task KillAtCallAsync(KillInstant instant)
    {
        // The call only tells and waits: of two who kill, the later one would meet a dead worker, or the next one.
        var (met, dead) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var left = instant.Nth;
        proxy.Watch = async call =>
        {
            if ((instant.Method is null || call.Method == instant.Method) && call.Moment == instant.Moment && Interlocked.Decrement(ref left) == 0)
            {
                met.TrySetResult();
                await dead.Task;
            }
        };
        await Task.WhenAny(met.Task, Task.Delay(KillInstant.Patience));
        proxy.Watch = null;
        await KillAfterAsync(TimeSpan.Zero);
        dead.TrySetResult();
    }

    private async Task KillAfterAsync(TimeSpan delay)
    {
        if (!await _process!.KillAfterAsync(delay))
        {
            RecordEnd();
            return;
        }

        lock (_lock)
        {
            Kills++;
            _killedAt = Stopwatch.GetTimestamp();
        }

        proxy.OnWrite = () =>
        {
            lock (_lock)
            {
                // A write of the killed one that was on its way is no progress of the next.
                if (_killedAt == 0 || _process.HasEnded)
                    return;
                Recoveries.Add(Stopwatch.GetElapsedTime(_killedAt));
                _killedAt = 0;
            }
        };
    }

    private void RecordEnd()
    {
        // A command may hold the data folder for longer than a worker waits for it, on a machine that is short of time: it is started again.
        var commandCameFirst = _process!.SaidSoFar.Contains(", rollout start since", StringComparison.Ordinal);
        Ends++;
        if (!mayEndByItself && !commandCameFirst)
            findings.Add(Finding.Ended, string.Create(CultureInfo.InvariantCulture, $"exit code {_process.ExitCode}, and it said: {_process.SaidSoFar}"));
    }
}
