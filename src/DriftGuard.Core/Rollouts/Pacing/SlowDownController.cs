namespace DriftGuard.Core.Rollouts.Pacing;

/// <summary>
/// Slows a copy down while Qdrant or the provider is slow. The share of its speed is in proportion to how much longer things take than they
/// did: at <see cref="Tolerance"/> times as long it is all, at twice that a half. In proportion, and not step by step until it helps: it settles, where
/// a rule that probes swings. The share follows within seconds where it falls and more slowly where it rises. Thread-safe.
/// </summary>
public sealed class SlowDownController(TimeProvider time)
{
    /// <summary>How many times as long as in good times something may take before the copy slows down: latencies of a busy server vary by as much.</summary>
    public const double Tolerance = 3;

    /// <summary>The least share: a copy that stands still learns nothing of a server that has recovered.</summary>
    public const double LeastShare = .1;

    /// <summary>Above this it is full speed: less than that is not to be told from noise.</summary>
    private const double NearlyAll = .95;

    /// <summary>Nobody who rests sees that a server has recovered.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Fall = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Rise = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly long _began = time.GetTimestamp();
    private readonly LatencyWatch _writes = new("writes to Qdrant");
    private readonly LatencyWatch _calls = new("calls of the provider");
    private readonly OptimiserWatch _optimiser = new();
    private double _share = 1;
    private DateTimeOffset? _movedAt;

    /// <summary>How much of its speed the copy takes now.</summary>
    public Slowdown Now
    {
        get
        {
            lock (_lock)
            {
                return _share > NearlyAll ? Slowdown.None : new(_share, Worst().Text());
            }
        }
    }

    /// <summary>Takes in a batch that ended, well or not.</summary>
    /// <param name="signal">What was waited for.</param>
    /// <param name="took">How long.</param>
    /// <param name="units">The size of the batch.</param>
    public void Took(PaceSignal signal, TimeSpan took, double units)
    {
        lock (_lock)
        {
            (signal == PaceSignal.Writes ? _writes : _calls).Took(Moment, took, units);
            Move();
        }
    }

    /// <summary>Takes in a look at the optimiser.</summary>
    public void Saw(OptimiserSample sample)
    {
        lock (_lock)
        {
            _optimiser.Saw(Moment, sample);
            Move();
        }
    }

    /// <summary>How long to rest after work that took so long, so that work is under way for the share of the time; a minute at most.</summary>
    public TimeSpan RestAfter(TimeSpan work)
    {
        var share = Now.Share;
        var rest = work * ((1 / share) - 1);
        return rest < LongestRest ? rest : LongestRest;
    }

    /// <summary>Now, by a clock that nobody sets.</summary>
    private DateTimeOffset Moment => DateTimeOffset.UnixEpoch + time.GetElapsedTime(_began);

    private void Move()
    {
        var now = Moment;
        var target = Math.Clamp(Tolerance / Math.Max(Worst().Ratio, 1e-9), LeastShare, 1);
        var pace = target < _share ? Fall : Rise;
        _share = Math.Max(LeastShare, _share + ((target - _share) * (1 - Math.Exp(-((now - (_movedAt ?? now)) / pace)))));
        _movedAt = now;
    }

    /// <summary>What is slowest by its own measure; the optimiser's ratio is one of what is tolerated already.</summary>
    private (double Ratio, Func<string> Text) Worst()
    {
        (double Ratio, Func<string> Text)[] all =
            [(_writes.Ratio(Tolerance), () => _writes.Text), (_calls.Ratio(Tolerance), () => _calls.Text), (Tolerance * _optimiser.Ratio, () => _optimiser.Text)];
        return all.MaxBy(signal => signal.Ratio);
    }
}
