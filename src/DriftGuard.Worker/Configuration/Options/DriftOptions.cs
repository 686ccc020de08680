using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>When <c>driftguard serve</c> checks indexes for drift, what that may cost, and what is kept of it.</summary>
public sealed record DriftOptions
{
    /// <summary>Whether checks run on schedules; they do unless set to false. A check that is asked for runs anyway.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The longest that a check is put off after its time, so that many indexes do not begin at once; 10 minutes unless set. How long each is
    /// put off is decided by its index and its schedule, and is the same every time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of times that passed while nothing could run; <c>runOnce</c> unless set.</summary>
    public MisfirePolicy Misfire { get; init; } = MisfirePolicy.RunOnce;

    /// <summary>The time zone of the schedules, such as <c>Europe/Berlin</c>; <c>UTC</c> unless set.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>
    /// The most texts a day, in UTC, that checks have one provider over HTTP embed; 20,000 unless set. With 0 they ask none. A check that would
    /// go beyond it says so instead.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int ProviderTextsPerDay { get; init; } = 20_000;

    /// <summary>
    /// How long reports are kept; 90 days unless set. Kept for longer: the newest of each index, and the last in which each detector found
    /// nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan ReportRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many baselines of an index and a model are kept, the newest; 5 unless set.</summary>
    [Range(1, 1000)]
    public int KeepBaselines { get; init; } = 5;

    /// <summary>Whether the texts of observed queries are kept beside their vectors; they are not unless set.</summary>
    public bool StoreQueryText { get; init; }

    /// <summary>When each detector runs, on every index that does not say otherwise.</summary>
    public DriftSchedulesOptions Schedules { get; init; } = new();

    /// <summary>What is kept of the queries that applications ask.</summary>
    public DriftQueriesOptions Queries { get; init; } = new();

    /// <summary>How the points of an index are checked.</summary>
    public DriftIndexOptions Index { get; init; } = new();
}

/// <summary>What becomes of a check's time that passed while nothing could run, such as when the worker was down.</summary>
public enum MisfirePolicy
{
    /// <summary>The check runs once, as soon as it can, however many times passed.</summary>
    RunOnce,

    /// <summary>The check waits for its next time.</summary>
    Skip,
}

/// <summary>What is kept of the queries that applications ask: by day a random sample.</summary>
public sealed record DriftQueriesOptions
{
    /// <summary>The fewest past days that a day is judged against where queries are not independent.</summary>
    internal const int PastDays = 20;

    /// <summary>The most queries that are kept of an index and a day; 1,000 unless set.</summary>
    [Range(1, 100_000)]
    public int CapacityPerDay { get; init; } = 1000;

    /// <summary>How many days are kept, today included; 60 unless set.</summary>
    [Range(1, 3650)]
    public int Days { get; init; } = 60;

    /// <summary>Decides which queries are kept; the same for all that observe an index.</summary>
    public int Seed { get; init; } = 20_261_124;

    /// <summary>
    /// Whether queries are independent of each other. Those of a session, or of a day's topic, are not: unless set, whole days are compared, with
    /// at least 20 past ones.
    /// </summary>
    public bool Independent { get; init; }
}

/// <summary>How the points of an index are checked.</summary>
public sealed record DriftIndexOptions
{
    /// <summary>The most points whose stamps and content hashes are all checked; of a larger collection, a sample's are. 100,000 unless set.</summary>
    [Range(0, int.MaxValue)]
    public int ScanUpTo { get; init; } = 100_000;
}
