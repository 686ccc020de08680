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
    /// <summary>Splits observations: the newest day that is over is judged, or the present one if there is no other.</summary>
    /// <returns>Null if there are none.</returns>
    public static QueryDays? Of(IReadOnlyList<QueryObservation> queries, DateOnly present)
    {
        var days = queries.GroupBy(query => DateOnly.FromDateTime(query.At.UtcDateTime)).OrderByDescending(day => day.Key)
            .Select(day => (Day: day.Key, Queries: (IReadOnlyList<QueryObservation>)[.. day])).ToList();
        var over = days.Where(day => day.Day < present).ToList();
        var judged = over.Count > 0 ? over : days;
        return judged.Count == 0 ? null : new(judged[0], judged.Count > 1 ? judged[1] : null, [.. judged.Skip(2)]);
    }

    /// <summary>A day's queries under a fingerprint, as the rule takes them.</summary>
    public static DayOfQueries Under(string fingerprint, (DateOnly Day, IReadOnlyList<QueryObservation> Queries) day) =>
        new(day.Day, [.. day.Queries.Where(query => query.Fingerprint == fingerprint && query.BestScore is not null).Select(query => new ObservedQuery(query.Session, query.Vector, query.BestScore!.Value))]);
}
