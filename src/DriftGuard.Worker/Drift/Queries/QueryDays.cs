using DriftGuard.Core.Drift.Queries;
using DriftGuard.State;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>Observed queries by day: the day that is judged, the one that confirms, and those before.</summary>
/// <param name="Today">The day that is judged, with all that is known of its queries.</param>
/// <param name="Confirming">The observed day before it; null if there is none.</param>
/// <param name="Past">The observed days before both.</param>
internal sealed record QueryDays(
    (DateOnly Day, IReadOnlyList<QueryObservation> Queries) Today,
    (DateOnly Day, IReadOnlyList<QueryObservation> Queries)? Confirming,
    IReadOnlyList<(DateOnly Day, IReadOnlyList<QueryObservation> Queries)> Past)
{
    /// <summary>A day that is longer ago says nothing of the present, and would be judged again every night.</summary>
    public const int OldestJudged = 8;

    /// <summary>Splits observations: the newest day that is over and has enough queries is judged, or the newest if none has.</summary>
    /// <returns>Null if there are none of the last <see cref="OldestJudged"/> days.</returns>
    public static QueryDays? Of(IReadOnlyList<QueryObservation> queries, DateOnly present)
    {
        var days = queries.GroupBy(query => DateOnly.FromDateTime(query.At.UtcDateTime)).OrderByDescending(day => day.Key)
            .Select(day => (Day: day.Key, Queries: (IReadOnlyList<QueryObservation>)[.. day])).ToList();
        var over = days.Where(day => day.Day < present).ToList();
        var judged = over.Count > 0 ? over : days;
        var recent = judged.Where(day => day.Day >= present.AddDays(-OldestJudged)).ToList();
        if (recent.Count == 0)
        {
            return null;
        }

        var today = recent.FirstOrDefault(day => day.Queries.Count >= QueryDriftOptions.EnoughQueries, recent[0]);
        var before = judged.Where(day => day.Day < today.Day).ToList();
        return before.Count > 0 && before[0].Day >= today.Day.AddDays(-OldestJudged) ? new(today, before[0], [.. before.Skip(1)]) : new(today, null, before);
    }

    /// <summary>A day's queries under a fingerprint, as the rule takes them.</summary>
    public static DayOfQueries Under(string fingerprint, (DateOnly Day, IReadOnlyList<QueryObservation> Queries) day) =>
        new(day.Day, [.. day.Queries.Where(query => query.Fingerprint == fingerprint && query.BestScore is not null).Select(query => new ObservedQuery(query.Session, query.Vector, query.BestScore!.Value))]);
}
