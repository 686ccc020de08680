using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>
/// When each detector runs. A <c>cron</c> is a Quartz cron expression: second, minute, hour, day of the month, month, day of the week, and
/// perhaps the year. One that is <c>off</c> or empty switches the detector off.
/// </summary>
public sealed record DriftSchedulesOptions
{
    /// <summary>Whether the model is still the one that was fingerprinted; every hour unless set.</summary>
    public DriftScheduleOptions Model { get; init; } = new() { Cron = "0 5 * * * ?" };

    /// <summary>Whether the collection is what was declared; every hour unless set.</summary>
    public DriftScheduleOptions Schema { get; init; } = new() { Cron = "0 10 * * * ?" };

    /// <summary>Whether the stored vectors were made by the model, with a small sample; every night but Sunday's unless set.</summary>
    public DriftSampleScheduleOptions Index { get; init; } = new() { Cron = "0 30 2 ? * MON-SAT", Sample = 300 };

    /// <summary>The same with a large sample; on Sundays unless set.</summary>
    public DriftSampleScheduleOptions IndexDeep { get; init; } = new() { Cron = "0 30 2 ? * SUN", Sample = 3000 };

    /// <summary>Whether retrieval still works, by the calibration set; every night unless set.</summary>
    public DriftScheduleOptions Quality { get; init; } = new() { Cron = "0 0 3 * * ?" };

    /// <summary>Whether documents and queries still look as they did; every night unless set.</summary>
    public DriftScheduleOptions Data { get; init; } = new() { Cron = "0 30 3 * * ?" };
}

/// <summary>When a detector runs.</summary>
public sealed record DriftScheduleOptions
{
    /// <summary>A Quartz cron expression such as <c>0 30 2 * * ?</c>; <c>off</c> for never.</summary>
    public string Cron { get; init; } = "";
}

/// <summary>When a detector runs that takes a sample, and of what size.</summary>
public sealed record DriftSampleScheduleOptions
{
    /// <summary>A Quartz cron expression such as <c>0 30 2 * * ?</c>; <c>off</c> for never.</summary>
    public string Cron { get; init; } = "";

    /// <summary>How many points are embedded again.</summary>
    [Range(1, 1_000_000)]
    public int Sample { get; init; }
}

/// <summary>What an index has of its own in place of <see cref="DriftSchedulesOptions"/>; what is not set is as it is there.</summary>
public sealed record IndexDriftOptions
{
    /// <summary>In place of <c>drift.schedules.model</c>.</summary>
    public IndexScheduleOptions? Model { get; init; }

    /// <summary>In place of <c>drift.schedules.schema</c>.</summary>
    public IndexScheduleOptions? Schema { get; init; }

    /// <summary>In place of <c>drift.schedules.index</c>.</summary>
    public IndexSampleScheduleOptions? Index { get; init; }

    /// <summary>In place of <c>drift.schedules.indexDeep</c>.</summary>
    public IndexSampleScheduleOptions? IndexDeep { get; init; }

    /// <summary>In place of <c>drift.schedules.quality</c>.</summary>
    public IndexScheduleOptions? Quality { get; init; }

    /// <summary>In place of <c>drift.schedules.data</c>.</summary>
    public IndexScheduleOptions? Data { get; init; }
}

/// <summary>When a detector runs on one index.</summary>
public sealed record IndexScheduleOptions
{
    /// <summary>A Quartz cron expression; <c>off</c> for never; that of <c>drift.schedules</c> unless set.</summary>
    public string? Cron { get; init; }
}

/// <summary>When a detector runs on one index that takes a sample, and of what size.</summary>
public sealed record IndexSampleScheduleOptions
{
    /// <summary>A Quartz cron expression; <c>off</c> for never; that of <c>drift.schedules</c> unless set.</summary>
    public string? Cron { get; init; }

    /// <summary>How many points are embedded again; as many as <c>drift.schedules</c> says unless set.</summary>
    [Range(1, 1_000_000)]
    public int? Sample { get; init; }
}
