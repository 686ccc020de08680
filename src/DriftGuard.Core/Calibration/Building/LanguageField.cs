namespace DriftGuard.Core.Calibration.Building;

/// <summary>What detecting languages gave.</summary>
/// <param name="Queries">The queries, with the field where the language is known.</param>
/// <param name="Counts">Queries of each language, most first.</param>
/// <param name="Without">Queries whose language is not known: too short, or a language that only a few seem to have.</param>
public sealed record DetectedLanguages(IReadOnlyList<DraftQuery> Queries, IReadOnlyList<KeyValuePair<string, int>> Counts, int Without);

/// <summary>
/// The language of queries as a field. A short text is guessed wrong easily, so texts have to be of some length, and a language that next
/// to no query has is taken for a wrong guess.
/// </summary>
public static class LanguageField
{
    /// <summary>The field.</summary>
    public const string Name = "lang";

    /// <summary>Characters that a text has at least for its language to be guessed without being asked for.</summary>
    public const int LongEnough = 20;

    /// <summary>Share of queries that must be long enough before languages are detected without being asked for.</summary>
    private const double ShareLongEnough = .8;

    /// <summary>A language that fewer have is a wrong guess: more than 1 % of the English questions of xquad-en are taken for German.</summary>
    private const double LeastShare = .03;

    private const int LeastQueries = 3;

    /// <summary>Whether the texts are long enough to be asked without being told to.</summary>
    public static bool IsWorthwhile(IReadOnlyList<string> texts) =>
        texts.Count > 0 && texts.Count(text => text.Length >= LongEnough) >= ShareLongEnough * texts.Count;

    /// <summary>Adds the field to the queries that have none.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="detect">Guesses the language of a text, as a code; null where it cannot.</param>
    /// <param name="shortOnesToo">Also of texts shorter than <see cref="LongEnough"/>.</param>
    public static DetectedLanguages Add(IReadOnlyList<DraftQuery> queries, Func<string, string?> detect, bool shortOnesToo)
    {
        var guesses = queries.Select(query => query.Fields.GetValueOrDefault(Name)
            ?? (shortOnesToo || query.Text.Length >= LongEnough ? detect(query.Text) : null)).ToList();
        var counts = Common(guesses);
        var kept = counts.Select(count => count.Key).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. queries.Select((query, i) => query.Fields.ContainsKey(Name) || guesses[i] is not { } guess || !kept.Contains(guess)
                ? query
                : query with { Fields = new Dictionary<string, string>(query.Fields, StringComparer.Ordinal) { [Name] = guess } })],
            counts,
            guesses.Count(guess => guess is null || !kept.Contains(guess)));
    }

    /// <summary>The languages that more than a stray query has, most first.</summary>
    public static IReadOnlyList<KeyValuePair<string, int>> Common(IReadOnlyList<string?> guesses) =>
    [
        .. guesses.Where(guess => guess is not null).CountBy(guess => guess!, StringComparer.Ordinal)
            .Where(language => language.Value >= Math.Max(LeastQueries, LeastShare * guesses.Count))
            .OrderByDescending(language => language.Value).ThenBy(language => language.Key, StringComparer.Ordinal),
    ];
}
