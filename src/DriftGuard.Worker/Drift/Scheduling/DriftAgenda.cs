using DriftGuard.Worker.Configuration;
using Quartz;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>
/// What is to be done for an index, and until when it has been: which schedules are due is a function of that and of the time. It does not
/// change; what was done gives a new one.
/// </summary>
internal sealed record DriftAgenda
{
    /// <summary>How late Quartz may wake a check before the time counts as missed, as in Quartz itself.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    private readonly MisfirePolicy misfire;
    private readonly DateTimeOffset began;

    private DriftAgenda(IReadOnlyList<AgendaEntry> entries, MisfirePolicy misfire, DateTimeOffset began) =>
        (Entries, this.misfire, this.began) = (entries, misfire, began);

    /// <summary>The schedules, in the order of the configuration.</summary>
    public IReadOnlyList<AgendaEntry> Entries { get; private init; }

    /// <summary>
    /// The agenda at the start. What passed since a detector last reported, or since the index was enrolled where it never did, is still to be
    /// done, or is skipped, as the configuration says. Reports do not tell the schedules of a detector apart: any of its reports counts.
    /// </summary>
    /// <param name="index">The index's name.</param>
    /// <param name="enrolled">When the index was enrolled.</param>
    /// <param name="schedules">Its schedules.</param>
    /// <param name="options">Jitter, time zone and what becomes of times that passed.</param>
    /// <param name="reported">When each detector last reported.</param>
    /// <param name="now">The time.</param>
    public static DriftAgenda Begin(
        string index, DateTimeOffset enrolled, IEnumerable<DriftSchedule> schedules, DriftOptions options,
        IReadOnlyDictionary<string, DateTimeOffset> reported, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
        return new(
            [
                .. schedules.Select(s => new AgendaEntry(
                    s,
                    CronExpression.Parse(s.Cron).WithTimeZone(zone),
                    DriftJitter.Of(index, s.Name, options.Jitter),
                    options.Misfire == MisfirePolicy.Skip ? now : reported.GetValueOrDefault(s.Detector, enrolled))),
            ],
            options.Misfire,
            now);
    }

    /// <summary>The schedules that are due, the first in the order of the configuration first.</summary>
    public IReadOnlyList<AgendaEntry> Due(DateTimeOffset now) => [.. Entries.Where(e => e.NextTime <= now)];

    /// <summary>The agenda when Quartz wakes it: where times that were missed are skipped, those are off it.</summary>
    public DriftAgenda Woken(DateTimeOffset now) => misfire == MisfirePolicy.Skip
        ? this with { Entries = [.. Entries.Select(e => e.HandledUntil < now - Lateness ? e with { HandledUntil = now - Lateness } : e)] }
        : this;

    /// <summary>Takes what is due off the agenda, as one check.</summary>
    /// <returns>What is to be checked, and the agenda without it. A schedule that was due several times is checked once.</returns>
    public (DriftCheckRequest Check, DriftAgenda Left) Take(DateTimeOffset now)
    {
        var due = Due(now);
        var check = new DriftCheckRequest(
            [.. due.Select(e => e.Schedule.Detector).Distinct(StringComparer.Ordinal)],
            due.Max(e => e.Schedule.Sample),
            due.All(e => e.NextTime < began) ? DriftCheckRequest.CatchUp : DriftCheckRequest.Scheduled);
        return (check, this with { Entries = [.. Entries.Select(e => due.Contains(e) ? e with { HandledUntil = now } : e)] });
    }
}

/// <summary>A schedule of an agenda.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Cron">Its times.</param>
/// <param name="Jitter">How long it is put off after its time.</param>
/// <param name="HandledUntil">Times until then, inclusive, are done.</param>
internal sealed record AgendaEntry(DriftSchedule Schedule, CronExpression Cron, TimeSpan Jitter, DateTimeOffset HandledUntil)
{
    /// <summary>The first time that is not done; null if there is none any more.</summary>
    public DateTimeOffset? NextTime => Cron.GetNextValidTimeAfter(HandledUntil);
}
