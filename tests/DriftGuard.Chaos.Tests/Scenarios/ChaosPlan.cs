using System.Globalization;
using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>What is done to one installation.</summary>
internal sealed record ChaosPlan
{
    private const string SeedVariable = "DRIFTGUARD_CHAOS_SEED";

    /// <summary>Decides documents, operations, kills and faults; from <c>DRIFTGUARD_CHAOS_SEED</c> where that is set, another one each time otherwise.</summary>
    public int Seed { get; init; } = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    /// <summary>Kills of the worker; rollouts go on, there and back, until there were as many.</summary>
    public int Kills { get; init; }

    /// <summary>Rollouts and rollbacks of each index that come to their end, at the least.</summary>
    public int Changes { get; init; } = 1;

    /// <summary>Indexes of the installation, each with a rollout of its own.</summary>
    public int Indexes { get; init; } = 2;

    /// <summary>Writers of each index.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>Documents of each writer.</summary>
    public int Documents { get; init; } = 100;

    /// <summary>The longest that a writer waits between two operations; half of it on average.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether writers use the write alias, so that a fence can hold them.</summary>
    public bool Fenced { get; init; } = true;

    /// <summary>The faults between worker and Qdrant while rollouts run; from the seed.</summary>
    public Func<int, FaultPlan> Faults { get; init; } = _ => FaultPlan.None;

    /// <summary>How long a write of the worker may take, and may be late: short, since each worker waits for those of the one before it.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the state is in a PostgreSQL behind a network with faults; otherwise in a file.</summary>
    public bool SharedState { get; init; }

    /// <summary>Whether the worker lives by a clock that jumps.</summary>
    public bool ClockJumps { get; init; }

    /// <summary>Whether a worker may end by itself, to be started again, such as where its state cannot be opened.</summary>
    public bool WorkerMayEnd { get; init; }

    /// <summary>What a worker may say that a test wants to know of.</summary>
    public IReadOnlyList<string> WordsOfTheWorker { get; init; } = [];

    /// <summary>Further lines of the configuration's section <c>rollout</c>.</summary>
    public string RolloutSettings { get; init; } = "";

    /// <summary>Size of the disk that holds the worker's data folder, in MiB; null: the machine's own.</summary>
    public int? DiskMiB { get; init; }

    /// <summary>Whether what is looked for has been met, before which rollouts go on; on a slow machine that may take more of them.</summary>
    public Func<Installation, bool> IsMet { get; init; } = _ => true;

    /// <summary>What else goes wrong while rollouts run.</summary>
    public Func<Installation, CancellationToken, Task>? Meanwhile { get; init; }

    /// <summary>How to run it again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"{SeedVariable}={Seed}");
}
