using DriftGuard.Core.Rates;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Core.Rollouts.Pacing;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>
/// How fast this process copies a rollout: its part of the limits in force, and what latencies allow. All partitions of the rollout share it.
/// </summary>
public sealed class CopyPace
{
    /// <summary>The time between two looks at what is in force.</summary>
    internal static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private const double SecondsAMinute = 60;

    private readonly TimeProvider time;
    private readonly SlowDownController controller;
    private readonly Lock counting = new();
    private readonly List<PacedCopy> copies = [];
    private RolloutSpending? onRecord;
    private long unrecorded;
    private RequestFigures? figures;
    private ITextEmbedder? asked;
    private long callsBegun;
    private long callsBeside;

    /// <summary>A pace without limits.</summary>
    public CopyPace(TimeProvider time)
    {
        (this.time, controller) = (time, new(time));
        (Points, Calls, Tokens) = (new(null, time), new(null, time), new(null, time));
    }

    /// <summary>The limits in force, of the whole rollout.</summary>
    public RolloutLimits Limits { get; private set; } = new() { ConcurrentPartitions = int.MaxValue };

    /// <summary>How much of its speed the copy takes, and why not all.</summary>
    public Slowdown Slowdown => controller.Now;

    /// <summary>Nothing more may be embedded.</summary>
    public bool IsSpent
    {
        get
        {
            lock (counting)
            {
                return onRecord is { } spent && (spent with { Tokens = spent.Tokens + unrecorded }).IsSpent;
            }
        }
    }

    internal TokenBucket Points { get; }

    internal TokenBucket Calls { get; }

    internal TokenBucket Tokens { get; }

    /// <summary>Follows what is in force now.</summary>
    /// <param name="limits">The limits of the whole rollout.</param>
    /// <param name="sharers">Processes that copy it, this one included.</param>
    /// <param name="spent">What is on record as spent; null where nothing is capped.</param>
    internal void Follow(RolloutLimits limits, int sharers, RolloutSpending? spent)
    {
        Limits = limits;
        Points.PerSecond = limits.PointsPerSecond / sharers;
        Calls.PerSecond = limits.CallsPerMinute / SecondsAMinute / sharers;
        Tokens.PerSecond = limits.TokensPerMinute / SecondsAMinute / sharers;
        lock (counting)
        {
            onRecord = spent;
        }
    }

    /// <summary>Takes in a job, or lets it go.</summary>
    internal void Join(PacedCopy copy, bool joins)
    {
        lock (counting)
        {
            if (joins)
            {
                copies.Add(copy);
            }
            else
            {
                copies.Remove(copy);
            }
        }
    }

    /// <summary>Whether a job is among those that may go on: the first ones, where fewer may than have begun.</summary>
    internal bool MayGoOn(PacedCopy copy)
    {
        lock (counting)
        {
            return copies.IndexOf(copy) < Limits.ConcurrentPartitions;
        }
    }

    /// <summary>Counts tokens that were embedded and are not on record yet; less than nothing where they never will be.</summary>
    internal void Embedded(long tokens)
    {
        lock (counting)
        {
            unrecorded += tokens;
        }
    }

    /// <summary>Counts tokens that are on record from now on.</summary>
    internal void Recorded(long tokens)
    {
        lock (counting)
        {
            unrecorded -= tokens;
            onRecord = onRecord is { } spent ? spent with { Tokens = spent.Tokens + tokens } : null;
        }
    }

    /// <summary>Waits until a provider may be called. What it says of its own requests is better than what is measured here, waits for its limits included.</summary>
    internal async Task CallAsync(ITextEmbedder model, CancellationToken cancellation)
    {
        lock (counting)
        {
            if (asked != model)
            {
                (asked, figures, callsBegun, callsBeside) = (model, model.Requests, 0, 0);
            }

            callsBegun++;
        }

        await Calls.WaitAsync(1, cancellation);
    }

    /// <summary>Takes in a batch that ended.</summary>
    internal void Took(PaceSignal signal, TimeSpan took, double units) => controller.Took(signal, took, units);

    /// <summary>Takes in a look at the optimiser of the collection that is built.</summary>
    internal void Saw(OptimiserSample sample) => controller.Saw(sample);

    /// <summary>
    /// Takes in which requests the provider was sent since the last look: how long they took, and how many more there were than calls, since one was
    /// split or repeated.
    /// </summary>
    internal void LookAtRequests()
    {
        lock (counting)
        {
            if (figures is not { } before || asked?.Requests is not { } now || now.Count == before.Count)
            {
                return;
            }

            figures = now;
            controller.Took(PaceSignal.Calls, (now.Time - before.Time) / (now.Count - before.Count), 1);
            callsBegun -= now.Count - before.Count;
            if (-callsBegun > callsBeside)
            {
                Calls.Take(-callsBegun - callsBeside);
                callsBeside = -callsBegun;
            }
        }
    }

    /// <summary>Rests after work, so that work is under way for the share of the time; ends earlier where things get better meanwhile.</summary>
    internal async Task RestAsync(TimeSpan work, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (controller.RestAfter(work) - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LookAgain ? left : LookAgain, time, cancellation);
        }
    }
}
