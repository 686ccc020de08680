using System.Text.RegularExpressions;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>Metrics with their labels, as a worker exports them.</summary>
internal sealed partial class ExportedMetrics
{
    private readonly Dictionary<string, HashSet<string>> _labels = new(StringComparer.Ordinal);

    /// <summary>Labels that Prometheus adds.</summary>
    public static IReadOnlyList<string> Added { get; } = ["instance", "job"];

    /// <summary>The names.</summary>
    public IReadOnlyCollection<string> Names => _labels.Keys;

    /// <summary>Whether a metric has a label.</summary>
    public bool Has(string metric, string label) => _labels.TryGetValue(metric, out var labels) && labels.Contains(label);

    /// <summary>Takes in a page of <c>/metrics</c>.</summary>
    public void Take(string page)
    {
        foreach (var line in page.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var name = line[..line.IndexOfAny(['{', ' '])];
            if (!_labels.TryGetValue(name, out var labels))
            {
                _labels[name] = labels = new(StringComparer.Ordinal);
            }

            labels.UnionWith(Labels().Matches(line).Select(match => match.Groups["label"].Value));
        }
    }

    /// <summary>Takes in what the documentation says of labels: some are there only where something fails.</summary>
    public void TakeDocumented(string document)
    {
        foreach (var (metric, keys) in Rows().Matches(document).Select(row => (row.Groups["metric"].Value, row.Groups["labels"].Value)))
        {
            foreach (var labels in _labels.Where(one => one.Key.StartsWith(metric.Replace('.', '_'), StringComparison.Ordinal)).Select(one => one.Value))
            {
                labels.UnionWith(keys.Split(['`', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(key => key.Replace('.', '_')));
            }
        }
    }

    [GeneratedRegex(@"[{,](?<label>[a-zA-Z_][a-zA-Z0-9_]*)=""", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Labels();

    [GeneratedRegex(@"^\| `(?<metric>[a-z_.]+)` \| [a-z -]+ \| [^|]* \| (?<labels>[^|]*) \|", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Rows();
}
