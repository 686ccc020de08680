using DriftGuard.Core.Calibration;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Text;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Worker.Calibration;

/// <summary>Reads <c>set.yaml</c>. Works on YAML nodes, which know their lines, so that a misspelt key is refused where it stands.</summary>
internal sealed partial class CalibrationSetYaml
{
    private static readonly string[] SetKeys =
        ["name", "description", "licence", "source", "labels", "id_field", "text_field", "group_field", "slices", "metrics", "pairs"];

    private static readonly string[] SliceKeys = ["field", "critical"];

    private readonly List<CalibrationProblem> problems;

    private CalibrationSetYaml(List<CalibrationProblem> problems) => this.problems = problems;

    /// <summary>The header; null where it cannot be used, with the reasons added to <paramref name="problems"/>.</summary>
    public static CalibrationSetHeader? Read(string yaml, string folderName, List<CalibrationProblem> problems)
    {
        var before = problems.Count;
        var header = new CalibrationSetYaml(problems).Read(yaml, folderName);
        return problems.Count == before ? header : null;
    }

    private CalibrationSetHeader? Read(string yaml, string folderName)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlText.Parse(yaml);
        }
        catch (YamlTextException exception)
        {
            Error(exception.Line, $"is not YAML: {exception.Message}");
            return null;
        }

        if (documents is not [{ RootNode: YamlMappingNode root }])
        {
            Error(null, $"expected one document with the keys {string.Join(", ", SetKeys)}.");
            return null;
        }

        var values = Members(root, SetKeys);
        var header = new CalibrationSetHeader
        {
            Name = Text(values, "name") ?? folderName,
            Description = Text(values, "description") ?? "",
            Licence = Text(values, "licence") ?? "",
            Source = Text(values, "source") ?? "",
            Labels = Labels(values),
            IdField = Text(values, "id_field"),
            TextField = Text(values, "text_field") ?? CalibrationSetHeader.DefaultTextField,
            GroupField = Text(values, "group_field"),
            Slices = [.. Items(values, "slices").Select(Slice).OfType<CalibrationSlice>()],
            Pairs = Pairs(values),
        };
        if (!values.TryGetValue("name", out var name))
            Error(Line(root), "has no name.");
        else if (!string.Equals(header.Name, folderName, StringComparison.Ordinal))
            Error(Line(name), $"name is '{header.Name}' and the folder '{folderName}'; a set is found by its folder, so give both one name.");
        foreach (var twice in header.Slices.GroupBy(slice => slice.Field, StringComparer.Ordinal).Where(same => same.Count() > 1))
            Error(Line(values["slices"]), $"slice '{twice.Key}' is listed twice.");
        return values.ContainsKey("metrics") ? header with { Metrics = Metrics(values) } : header;
    }

    private CalibrationLabels Labels(Dictionary<string, YamlNode> values)
    {
        var word = Text(values, "labels") ?? "judged";
        if (word is not ("judged" or "weak"))
            Error(Line(values["labels"]), $"labels is '{word}'; expected judged or weak.");
        return word == "weak" ? CalibrationLabels.Weak : CalibrationLabels.Judged;
    }

    private List<RetrievalMetric> Metrics(Dictionary<string, YamlNode> values)
    {
        var metrics = new List<RetrievalMetric>();
        foreach (var node in Items(values, "metrics"))
        {
            try
            {
                metrics.Add(RetrievalMetric.Parse((node as YamlScalarNode)?.Value ?? ""));
            }
            catch (FormatException exception)
            {
                Error(Line(node), exception.Message);
            }
        }

        if (metrics.Count == 0)
            Error(Line(values["metrics"]), "metrics names no metric; leave the key out for recall_cap@10 and ndcg@10.");
        return metrics;
    }

    private CalibrationSlice? Slice(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } field })
            return new CalibrationSlice(field);
        if (node is not YamlMappingNode mapping)
        {
            Error(Line(node), "a slice is the name of a query field, or field: NAME with critical: true.");
            return null;
        }

        var values = Members(mapping, SliceKeys);
        var critical = Text(values, "critical") ?? "false";
        if (critical is not ("true" or "false"))
            Error(Line(values["critical"]), $"critical is '{critical}'; expected true or false.");
        if (Text(values, "field") is { } name)
            return new CalibrationSlice(name, critical == "true");
        Error(Line(node), "the slice has no field.");
        return null;
    }

    private Dictionary<string, YamlNode> Members(YamlMappingNode mapping, string[] known)
    {
        var members = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (known.Contains(name, StringComparer.Ordinal))
                members.Add(name, value);
            else
                Error(Line(key), $"unknown key '{name}'; {(NearestName.Find(name, known) is { } near ? $"did you mean '{near}'?" : $"expected one of {string.Join(", ", known)}.")}");
        }

        return members;
    }

    private string? Text(Dictionary<string, YamlNode> values, string key)
    {
        if (!values.TryGetValue(key, out var node))
            return null;
        if (node is YamlScalarNode { Value: { } text } && !string.IsNullOrWhiteSpace(text))
            return text.Trim();
        Error(Line(node), $"{key} is not a text; give it one or leave the key out.");
        return null;
    }

    private static IEnumerable<YamlNode> Items(Dictionary<string, YamlNode> values, string key) => values.GetValueOrDefault(key) switch
    {
        null => [],
        YamlSequenceNode list => list.Children,
        var single => [single],
    };

    private static int Line(YamlNode node) => (int)node.Start.Line;

    private void Error(int? line, string message) =>
        problems.Add(new CalibrationProblem(CalibrationProblemSeverity.Error, CalibrationSetFiles.Header, line, message));
}
