using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Dashboard.Tests;

/// <summary>
/// Holds what a page shows against the answers of the API that it was made from: each word with a digit must be one of their numbers, written as people read it,
/// how many there are of something or which of them is meant, or part of one of their texts.
/// </summary>
internal static partial class ShownNumbers
{
    private const string Words = """
        () => {
          const words = [];
          const walker = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode())
            if (!node.parentElement.closest('option, .scale')) for (const word of node.nodeValue.split(/\s+/)) if (/\d/.test(word)) words.push(word + '\t' + node.nodeValue.trim());
          return words;
        }
        """;

    /// <summary>What the page itself says: the names of its figures. Scales of charts are none.</summary>
    private static readonly string[] Labels =
    [
        "95 % interval", "95 % bounds", "95 % at most", "one-sided 95 %",
    ];

    /// <summary>Words that no answer explains, each with the text around it.</summary>
    public static async Task<IReadOnlyList<string>> UnexplainedAsync(Window window)
    {
        var (texts, numbers) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var live = await window.Page.EvaluateAsync<string?>("() => document.body.dataset.live ?? ''");
        foreach (Match asked in Address().Matches(live ?? ""))
        {
            Collect((await window.Api.CallAsync("GET", Uri.UnescapeDataString(asked.Groups["address"].Value))).Body, texts, numbers);
        }

        var all = string.Join('\n', texts);
        return
        [
            .. (await window.Page.EvaluateAsync<string[]>(Words)).Select(word => word.Split('\t', 2))
                .Where(word => !IsExplained(word[0], word[1], all, numbers)).Select(word => $"'{word[0]}' in \"{word[1]}\"").Distinct(StringComparer.Ordinal),
        ];
    }

    private static bool IsExplained(string word, string around, string texts, HashSet<string> numbers)
    {
        var bare = word.Trim('.', ',', ';', ':', '(', ')', '"', '\'', '%');
        return numbers.Contains(bare) || numbers.Contains(word) || texts.Contains(bare, StringComparison.Ordinal)
            || Labels.Any(label => around.Contains(label, StringComparison.Ordinal) && label.Split(' ').Contains(bare, StringComparer.Ordinal));
    }

    private static void Collect(JsonElement json, List<string> texts, HashSet<string> numbers)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                AddDifference(json, numbers);
                foreach (var member in json.EnumerateObject())
                {
                    texts.Add(member.Name);
                    Collect(member.Value, texts, numbers);
                }

                break;
            case JsonValueKind.Array:
                numbers.UnionWith(Enumerable.Range(0, json.GetArrayLength() + 1).Select(count => ReportText.Count(count)));
                foreach (var item in json.EnumerateArray())
                {
                    Collect(item, texts, numbers);
                }

                break;
            case JsonValueKind.String:
                AddText(json.GetString()!, texts, numbers);
                break;
            case JsonValueKind.Number:
                AddNumber(json.GetDouble(), numbers);
                break;
        }
    }

    /// <summary>What a query scores on both sides is shown as one difference, by the primary metric.</summary>
    private static void AddDifference(JsonElement json, HashSet<string> numbers)
    {
        if (json.TryGetProperty("old", out var old) && json.TryGetProperty("new", out var now) && old.ValueKind == JsonValueKind.Array && now.ValueKind == JsonValueKind.Array)
        {
            numbers.Add(ReportText.Difference(now[0].GetDouble() - old[0].GetDouble()));
        }
    }

    private static void AddText(string text, List<string> texts, HashSet<string> numbers)
    {
        texts.Add(text);
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span))
        {
            numbers.UnionWith(DurationText.Format(span).Split(' '));
        }
        else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
        {
            numbers.UnionWith(ReportText.Time(time).Split(' '));
        }
    }

    private static void AddNumber(double number, HashSet<string> numbers)
    {
        numbers.Add(ReportText.Figure(number));
        numbers.Add(ReportText.Difference(number));
        numbers.Add(ReportText.Percent(number).Split(' ')[0]);
        numbers.Add(number.ToString("0.0", CultureInfo.InvariantCulture));
        numbers.Add(number.ToString("0.00", CultureInfo.InvariantCulture));
        numbers.Add(number.ToString("0.####", CultureInfo.InvariantCulture));
        numbers.Add((number / 1000).ToString("0.0", CultureInfo.InvariantCulture)); // milliseconds as seconds
    }

    [GeneratedRegex("[?&]api=(?<address>[^&]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
