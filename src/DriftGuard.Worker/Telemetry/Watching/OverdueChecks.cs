using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>Which scheduled checks are late, by the reports alone: whoever should have run them may be gone.</summary>
internal sealed class OverdueChecks(StateStore state, DriftGuardOptions options, TimeProvider time)
{
    /// <summary>Adds how late each is.</summary>
    /// <param name="figures">Where to.</param>
    /// <param name="verdicts">What each detector answered when it last reported.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task AddAsync(FigureSet figures, IReadOnlyList<LatestDriftVerdict> verdicts, CancellationToken cancellation)
    {
        foreach (var check in await ReadAsync(verdicts, cancellation))
        {
            figures.Add(DriftMetrics.CheckOverdue, Math.Max(0, check.Late.TotalSeconds), check.Index, check.Schedule);
        }
    }

    /// <summary>How late each is; less than nothing before its time.</summary>
    /// <param name="verdicts">What each detector answered when it last reported.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<OverdueCheck>> ReadAsync(IReadOnlyList<LatestDriftVerdict> verdicts, CancellationToken cancellation)
    {
        var checks = new List<OverdueCheck>();
        var now = time.GetUtcNow();

        // Whatever becomes of times that were missed, they were.
        var drift = options.Drift with { Misfire = MisfirePolicy.RunOnce };
        var reported = verdicts.ToLookup(verdict => verdict.Index, StringComparer.Ordinal);
        foreach (var index in await state.ListIndexesAsync(cancellation))
        {
            var schedules = DriftSchedule.For(options.Drift, options.Indexes.FirstOrDefault(declared => declared.Name == index.Name));
            var last = reported[index.Name].ToDictionary(verdict => verdict.Detector, verdict => verdict.At, StringComparer.Ordinal);
            foreach (var entry in DriftAgenda.Begin(index.Name, index.CreatedAt, schedules, drift, last, now).Entries.Where(entry => entry.NextTime is not null))
            {
                checks.Add(new(index.Name, entry.Schedule.Name, now - entry.NextTime!.Value - entry.Jitter));
            }
        }

        return checks;
    }
}

/// <summary>How late a scheduled check is.</summary>
/// <param name="Index">The index.</param>
/// <param name="Schedule">The schedule.</param>
/// <param name="Late">Time since it should have begun.</param>
internal sealed record OverdueCheck(string Index, string Schedule, TimeSpan Late);
