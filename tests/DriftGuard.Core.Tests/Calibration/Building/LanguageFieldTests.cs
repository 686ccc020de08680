using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Core.Tests.Calibration.Building;

public sealed class LanguageFieldTests
{
    [Fact]
    public void A_language_that_next_to_no_query_has_is_a_wrong_guess()
    {
        var detected = LanguageField.Add(Queries(("en", 90), ("de", 10), ("fr", 2)), Detect, shortOnesToo: false);

        detected.Counts.ShouldBe([KeyValuePair.Create("en", 90), KeyValuePair.Create("de", 10)]);
        detected.Without.ShouldBe(2);
        detected.Queries.Count(query => query.Fields.ContainsKey(LanguageField.Name)).ShouldBe(100);
    }

    [Fact]
    public void A_language_that_is_given_is_not_guessed()
    {
        var given = Queries(("en", 5)).Select(query => query with { Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "nl" } }).ToList();

        LanguageField.Add(given, Detect, shortOnesToo: true).Queries.ShouldAllBe(query => query.Fields["lang"] == "nl");
    }

    [Fact]
    public void Short_texts_are_guessed_on_request_only()
    {
        IReadOnlyList<DraftQuery> few = [.. Enumerable.Range(0, 5).Select(i => new DraftQuery($"q{i}", "en", new Dictionary<string, string>(StringComparer.Ordinal)))];

        LanguageField.IsWorthwhile([.. few.Select(query => query.Text)]).ShouldBeFalse();
        LanguageField.Add(few, Detect, shortOnesToo: false).Without.ShouldBe(5);
        LanguageField.Add(few, Detect, shortOnesToo: true).Counts.ShouldBe([KeyValuePair.Create("en", 5)]);
    }

    private static string Detect(string text) => text[..2];

    private static IReadOnlyList<DraftQuery> Queries(params (string Language, int Count)[] languages) =>
    [
        .. languages.SelectMany(language => Enumerable.Range(0, language.Count).Select(i =>
            new DraftQuery($"{language.Language}{i}", $"{language.Language} a text that is long enough", new Dictionary<string, string>(StringComparer.Ordinal)))),
    ];
}
