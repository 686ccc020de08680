using System.Globalization;
using DriftGuard.Core.Calibration.Editing;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Building;

/// <summary>When clicks are taken for a judgement.</summary>
/// <param name="MinimumSessions">A query text counts from this many sessions on.</param>
/// <param name="MinimumClicks">A document counts as relevant to it from clicks in this many of them on.</param>
public sealed record ClickLabelOptions(int MinimumSessions = ClickLabelOptions.DefaultSessions, int MinimumClicks = ClickLabelOptions.DefaultClicks)
{
    /// <summary>One search may be anybody's slip, two may be one person's.</summary>
    public const int DefaultSessions = 3;

    /// <summary>One click is a look; a second one from another session agrees with it.</summary>
    public const int DefaultClicks = 2;
}

/// <summary>
/// Makes weak labels of a log of searches with clicks: queries are taken together by their normalised text, and what several sessions
/// clicked is relevant with grade 1. What was shown and not clicked is not judged: nobody may have looked so far down.
/// </summary>
public static class ClickLabels
{
    /// <summary>Makes the set.</summary>
    public static CalibrationSetDraft Of(IEnumerable<LoggedSearch> searches, ClickLabelOptions options)
    {
        var (dropped, read, withPositions, atTop, clicks) = (new DropCount(), 0, 0, 0, 0);
        var byText = new Dictionary<string, Searched>(StringComparer.Ordinal);
        foreach (var search in searches)
        {
            read++;
            if (string.IsNullOrWhiteSpace(search.Text))
            {
                dropped.Add("searches without a text", $"line {search.Line}");
                continue;
            }

            var key = QueryText.Normalised(search.Text);
            if (!byText.TryGetValue(key, out var searched))
                byText.Add(key, searched = new());
            searched.Add(search);
            foreach (var clicked in search.Clicked)
            {
                clicks++;
                var place = search.Shown.ToList().IndexOf(clicked);
                withPositions += place >= 0 ? 1 : 0;
                atTop += place == 0 ? 1 : 0;
            }
        }

        var (queries, judgements) = (new List<DraftQuery>(), new List<DraftJudgement>());
        foreach (var (_, searched) in byText)
        {
            if (searched.Sessions < options.MinimumSessions)
            {
                dropped.Add($"query texts of fewer than {options.MinimumSessions} sessions", searched.Text);
                continue;
            }

            var relevant = searched.ClickedBy(options.MinimumClicks);
            if (relevant.Count == 0)
            {
                dropped.Add($"query texts without a document that {options.MinimumClicks} sessions clicked", searched.Text);
                continue;
            }

            var id = NewQueryIds.Of(queries.Count + 1);
            queries.Add(new(id, searched.Text, searched.Fields));
            judgements.AddRange(relevant.Select(document => new DraftJudgement(id, document, 1)));
        }

        return new()
        {
            Queries = queries,
            Judgements = judgements,
            Labels = CalibrationLabels.Weak,
            Dropped = dropped.All,
            Notes =
            [
                string.Create(CultureInfo.InvariantCulture, $"{read} searches with {clicks} clicks make {queries.Count} queries: texts of {options.MinimumSessions} sessions or more, documents that {options.MinimumClicks} of them clicked or more"),
                withPositions == 0
                    ? "the log does not say what was shown, so how much of the clicks is the place of a result is not known; log 'shown' as well"
                    : $"{PercentText.Format(atTop / (double)withPositions)} of the clicks whose place is known are on the first result",
                WeakLabels.Favour,
            ],
        };
    }

    /// <summary>The searches of one text.</summary>
    private sealed class Searched
    {
        private readonly HashSet<string> sessions = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> texts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, HashSet<string>> clicked = new(StringComparer.Ordinal);
        private readonly Dictionary<string, Dictionary<string, int>> fields = new(StringComparer.Ordinal);

        public int Sessions => sessions.Count;

        /// <summary>As it was written most often, the first of several.</summary>
        public string Text => texts.MaxBy(text => text.Value).Key;

        public IReadOnlyDictionary<string, string> Fields =>
            fields.ToDictionary(values => values.Key, values => values.Value.MaxBy(value => value.Value).Key, StringComparer.Ordinal);

        public void Add(LoggedSearch search)
        {
            // Without a session each time is one, and without a time each line: then a person who asks twice counts twice.
            var session = search.Session is { } known ? $"s {known}"
                : search.At is { } at ? string.Create(CultureInfo.InvariantCulture, $"t {at:O}")
                : string.Create(CultureInfo.InvariantCulture, $"l {search.Line}");
            sessions.Add(session);
            Count(texts, search.Text.Trim());
            foreach (var document in search.Clicked)
            {
                if (!clicked.TryGetValue(document, out var by))
                    clicked.Add(document, by = new(StringComparer.Ordinal));
                by.Add(session);
            }

            foreach (var (name, value) in search.Fields)
            {
                if (!fields.TryGetValue(name, out var values))
                    fields.Add(name, values = new(StringComparer.Ordinal));
                Count(values, value);
            }
        }

        public List<string> ClickedBy(int sessionsAtLeast) =>
            [.. clicked.Where(document => document.Value.Count >= sessionsAtLeast).OrderByDescending(document => document.Value.Count).ThenBy(document => document.Key, StringComparer.Ordinal).Select(document => document.Key)];

        private static void Count(Dictionary<string, int> counts, string value) => counts[value] = counts.GetValueOrDefault(value) + 1;
    }
}
