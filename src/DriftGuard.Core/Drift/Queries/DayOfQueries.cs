namespace DriftGuard.Core.Drift.Queries;

/// <summary>A query as it was served.</summary>
/// <param name="Session">Who asked, if known: queries of one session are alike.</param>
/// <param name="Vector">Its vector, of the model that the baseline was made with.</param>
/// <param name="BestScore">Score of the nearest document; higher is nearer, so that a distance is to be negated.</param>
public sealed record ObservedQuery(string? Session, float[] Vector, double BestScore);

/// <summary>The queries of one day, or of another window of fixed length; all of them or a random part.</summary>
/// <param name="Day">The day, or the first day of the window. Names the window.</param>
/// <param name="Queries">Its queries, in any order.</param>
public sealed record DayOfQueries(DateOnly Day, IReadOnlyList<ObservedQuery> Queries);
