using DriftGuard.Core.Notifications;
using DriftGuard.Core.Text;
using DriftGuard.State;
using DriftGuard.Worker.Telemetry.Watching;

namespace DriftGuard.Worker.Notifications;

/// <summary>Which scheduled checks have not reported in time.</summary>
internal sealed class ScheduleNotifications(StateStore state, OverdueChecks overdue, TimeProvider time) : INotificationSource
{
    // As the alarm has it.
    private static readonly TimeSpan Missed = TimeSpan.FromHours(1);

    public string Area => "schedule";

    public async Task ReadAsync(NotificationReading reading, CancellationToken cancellation)
    {
        foreach (var (index, schedule, late) in (await overdue.ReadAsync(await state.LatestDriftVerdictsAsync(cancellation), cancellation)).Where(check => check.Late > Missed))
        {
            reading.Facts.Add(new(
                $"schedule/{index}/{schedule}", NotificationKind.JobMissed, index, schedule, $"The {schedule} check of index {index} has not run in time",
                $"It should have reported {DurationText.Format(TimeSpan.FromMinutes(Math.Floor(late.TotalMinutes)))} ago. Until it does, drift of that kind is not seen.", time.GetUtcNow() - late)
            {
                WhatToDo = $"See whether a worker runs that keeps the schedules, and its log; driftguard drift check {index} does it now",
            });
        }
    }
}
