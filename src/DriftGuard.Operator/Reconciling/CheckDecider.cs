using System.Globalization;
using Cronos;
using DriftGuard.Core.Drift;
using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What was seen of a check.</summary>
/// <param name="Resource">What is declared.</param>
/// <param name="Declared">The EmbeddingIndex; null where there is none.</param>
/// <param name="Index">The index in the installation; null where there is none.</param>
/// <param name="Unreachable">Why the installation could not be asked; null where it was.</param>
internal sealed record CheckSeen(DriftCheck Resource, EmbeddingIndex? Declared, IndexView? Index, string? Unreachable = null);

/// <summary>Decides when an index is checked. A pure function of what was seen and of the time.</summary>
internal static class CheckDecider
{
    // What was missed is made good once, and not looked for further back than this.
    private static readonly TimeSpan LongestLookBack = TimeSpan.FromDays(400);

    public static Decision<DriftCheckStatus> Decide(CheckSeen seen, DateTimeOffset now)
    {
        var resource = seen.Resource;
        if (resource.IsDeleted || resource.Spec.Suspend)
        {
            return new(resource.Status, [], Pace.Settled);
        }

        var status = resource.Status with { ObservedGeneration = resource.Generation };
        if (seen.Unreachable is { } why)
        {
            return Rests(status, resource.Said(now).IsReconciling(Reasons.Unreachable, why), Pace.UnderWay);
        }

        if (seen.Declared is null || seen.Index is null)
        {
            return Rests(status, resource.Said(now).IsReconciling(
                seen.Declared is null ? Reasons.IndexNotFound : Reasons.IndexNotReady,
                seen.Declared is null ? $"there is no EmbeddingIndex '{resource.Spec.IndexRef.Name}'" : $"index '{seen.Declared.IndexName}' is not there yet"), Pace.UnderWay);
        }

        if (resource.Spec.Schedule is not { } schedule)
        {
            return status.CheckedGeneration < resource.Generation ? Check(resource, seen.Declared, status with { NextCheckTime = null }, null, now)
                : Rests(status with { NextCheckTime = null }, resource.Said(now).IsReady(Reasons.Checked, status.Diagnosis ?? ""), Pace.Settled);
        }

        if (!CronExpression.TryParse(schedule, out var cron))
        {
            return Rests(status with { NextCheckTime = null }, resource.Said(now).IsStalled(Reasons.InvalidSchedule, $"schedule '{schedule}': expected five fields, as cron has them, such as '0 3 * * *'"), Pace.Settled);
        }

        var since = status.LastScheduleTime ?? Created(resource, now);
        var due = Latest(cron, since < now - LongestLookBack ? now - LongestLookBack : since, now);
        status = status with { NextCheckTime = cron.GetNextOccurrence(now, TimeZoneInfo.Utc) };
        return due is { } at ? Check(resource, seen.Declared, status, at, now)
            : Rests(status, resource.Said(now).IsReady(Reasons.Scheduled, status.Diagnosis ?? ""), Soonest(status.NextCheckTime - now));
    }

    /// <summary>What is said of a check that was made.</summary>
    public static DriftCheckStatus Checked(DriftCheck resource, DriftCheckStatus status, DriftReport report, DateTimeOffset? scheduledFor, DateTimeOffset now)
    {
        var verdict = DriftJson.Word(report.Verdict);
        var checkedAt = status with
        {
            CheckedGeneration = resource.Generation,
            LastCheckTime = Pace.WholeSeconds(report.At),
            LastScheduleTime = scheduledFor ?? status.LastScheduleTime,
            Verdict = verdict,
            Diagnosis = report.Diagnosis.WhatHappened,
            Report = report.Id,
            Refusal = null,
        };
        var message = $"{report.Diagnosis.WhatHappened} {report.Diagnosis.WhatToDo}".Trim();
        var healthy = report.Verdict switch
        {
            DriftVerdict.None => ConditionStatus.True,
            DriftVerdict.Suspected or DriftVerdict.Confirmed => ConditionStatus.False,
            _ => ConditionStatus.Unknown,
        };
        return checkedAt with
        {
            Conditions = resource.Said(now).IsReady(Reasons.Checked, report.Diagnosis.WhatHappened).Say(Condition.Healthy, healthy, Reasons.Of(verdict), message).ToList(),
        };
    }

    private static Decision<DriftCheckStatus> Check(DriftCheck resource, EmbeddingIndex declared, DriftCheckStatus status, DateTimeOffset? at, DateTimeOffset now)
    {
        IReadOnlyList<Detector> detectors = [.. resource.Spec.Detectors.Select(detector => Enum.Parse<Detector>(detector.ToString()))];
        return Wishes.Decide(
            status, new OperatorAction.CheckDrift(declared.IndexName, detectors, at), resource.Metadata.Uid, resource.Generation, now,
            refused => Kept(status, refused is null
                ? resource.Said(now).IsReconciling(Reasons.Checking, $"index '{declared.IndexName}' is being checked")
                : resource.Said(now).IsStalled(Reasons.Refused, refused)),
            at?.ToString("O", CultureInfo.InvariantCulture) ?? "");
    }

    private static DateTimeOffset? Latest(CronExpression cron, DateTimeOffset since, DateTimeOffset now)
    {
        DateTimeOffset? latest = null;
        // From the near past first: a schedule of every minute that was suspended for a year is not walked through.
        for (var back = TimeSpan.FromHours(1); latest is null; back *= 5)
        {
            var from = now - back < since ? since : now - back;
            latest = cron.GetOccurrences(from, now, TimeZoneInfo.Utc, fromInclusive: false, toInclusive: true).Cast<DateTimeOffset?>().LastOrDefault();
            if (from == since)
            {
                break;
            }
        }

        return latest;
    }

    private static DateTimeOffset Created(DriftCheck resource, DateTimeOffset now) =>
        resource.Metadata.CreationTimestamp is { } created ? new(DateTime.SpecifyKind(created, DateTimeKind.Utc)) : now;

    private static TimeSpan Soonest(TimeSpan? next) => next is { } soon && soon < Pace.Settled ? soon + Pace.AtOnce : Pace.Settled;

    /// <summary>What the last check found stays said.</summary>
    private static IReadOnlyList<Condition> Kept(DriftCheckStatus before, ConditionList conditions) =>
        [.. conditions.ToList(), .. before.Conditions.Where(condition => condition.Type == Condition.Healthy)];

    private static Decision<DriftCheckStatus> Rests(DriftCheckStatus status, ConditionList conditions, TimeSpan again) =>
        new(status with { Refusal = null, Conditions = Kept(status, conditions) }, [], again);
}
