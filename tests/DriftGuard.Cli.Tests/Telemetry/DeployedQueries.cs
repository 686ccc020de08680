using System.Text.Json;
using YamlDotNet.Serialization;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>What <c>deploy/</c> asks Prometheus.</summary>
internal static class DeployedQueries
{
    public static string Folder { get; } = Path.Join(AppContext.BaseDirectory, "deploy");

    public static string Rules { get; } = Path.Join(Folder, "prometheus", "driftguard.rules.yaml");

    /// <summary>The dashboards, by their file.</summary>
    public static IReadOnlyList<(string File, JsonElement Dashboard)> Dashboards { get; } =
        [.. Directory.GetFiles(Path.Join(Folder, "grafana"), "*.json").Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), JsonDocument.Parse(File.ReadAllText(file)).RootElement))];

    /// <summary>The alarms.</summary>
    public static IReadOnlyList<Alarm> Alarms { get; } = new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<RuleFile>(File.ReadAllText(Rules)).Groups
        .SelectMany(group => group.Rules).Select(rule => new Alarm(rule.Alert, rule.Expr, rule.Annotations)).ToList();

    /// <summary>Every expression, with where it stands.</summary>
    public static IEnumerable<(string Where, string Expression)> All =>
    [
        .. Dashboards.SelectMany(one => ExpressionsOf(one.Dashboard).Select(expression => (one.File, expression))),
        .. Alarms.Select(alarm => (alarm.Name, alarm.Expression)),
    ];

    private static IEnumerable<string> ExpressionsOf(JsonElement dashboard)
    {
        foreach (var panel in dashboard.GetProperty("panels").EnumerateArray())
        {
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                yield return target.GetProperty("expr").GetString()!;
            }
        }

        foreach (var variable in dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Where(variable => variable.GetProperty("type").GetString() == "query"))
        {
            // label_values(metric, label): the same as grouping by the label.
            var parts = variable.GetProperty("definition").GetString()!["label_values(".Length..^1].Split(", ");
            yield return $"max by ({parts[1]}) ({parts[0]})";
        }
    }

    /// <summary>An alarm.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Expression">When it is raised.</param>
    /// <param name="Annotations">What goes with it.</param>
    internal sealed record Alarm(string Name, string Expression, IReadOnlyDictionary<string, string> Annotations);

    private sealed class RuleFile
    {
        [YamlMember(Alias = "groups")]
        public List<RuleGroup> Groups { get; set; } = [];
    }

    private sealed class RuleGroup
    {
        [YamlMember(Alias = "rules")]
        public List<Rule> Rules { get; set; } = [];
    }

    private sealed class Rule
    {
        [YamlMember(Alias = "alert")]
        public string Alert { get; set; } = "";

        [YamlMember(Alias = "expr")]
        public string Expr { get; set; } = "";

        [YamlMember(Alias = "annotations")]
        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}
