using Lingua;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>Guesses in which language a query is. One query may be guessed wrong; the share of a language among a day's queries is what counts.</summary>
internal static class QueryLanguages
{
    private static readonly Lazy<LanguageDetector> Detector = new(() => LanguageDetectorBuilder.FromLanguages(
        Language.English, Language.German, Language.French, Language.Spanish, Language.Italian, Language.Portuguese, Language.Dutch, Language.Swedish,
        Language.Danish, Language.Finnish, Language.Polish, Language.Czech, Language.Hungarian, Language.Romanian, Language.Turkish, Language.Russian,
        Language.Ukrainian, Language.Greek, Language.Arabic, Language.Persian, Language.Hebrew, Language.Hindi, Language.Bengali, Language.Chinese,
        Language.Japanese, Language.Korean, Language.Thai, Language.Vietnamese, Language.Indonesian).WithLowAccuracyMode().Build());

    /// <summary>The ISO 639-1 code in lower case; null where the text has no words.</summary>
    public static string? Of(string text) => Detector.Value.DetectLanguageOf(text) is var language && language == Language.Unknown
        ? null
        : LanguageInfo.IsoCode6391(language).ToString().ToLowerInvariant();
}
