using System.Text.RegularExpressions;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>Each alarm says what to do, and is tested; each dashboard can be told from the others and from itself of yesterday.</summary>
public sealed partial class AlarmTests
{
    private static readonly string[] Parts = ["**What it means.**", "**What to look at.**", "**What to do.**", "**When it may be ignored.**"];

    [Fact]
    public void Each_alarm_has_its_section_among_the_runbooks_and_leads_there()
    {
        var sections = File.ReadAllText(Path.Join(DeployedQueries.Folder, "RUNBOOKS.md")).Split("\n## ").Skip(1).ToDictionary(section => section[..section.IndexOf('\n', StringComparison.Ordinal)], StringComparer.Ordinal);

        sections.Keys.ShouldBe(DeployedQueries.Alarms.Select(alarm => alarm.Name));
        sections.Values.ShouldAllBe(section => Parts.All(part => section.Contains(part, StringComparison.Ordinal)));
        DeployedQueries.Alarms.ShouldAllBe(alarm => alarm.Annotations["runbook_url"].EndsWith($"RUNBOOKS.md#{alarm.Name.ToLowerInvariant()}", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_alarm_has_a_test_in_which_it_fires()
    {
        var tests = File.ReadAllText(Path.Join(DeployedQueries.Folder, "prometheus", "driftguard.rules.test.yaml"));

        Fires().Matches(tests).Select(match => match.Groups["alarm"].Value).Distinct(StringComparer.Ordinal).ShouldBe(DeployedQueries.Alarms.Select(alarm => alarm.Name));
    }

    [Fact]
    public async Task Rules_and_their_tests_hold_for_promtool()
    {
        Assert.SkipWhen(Monitoring.Missing is not null, Monitoring.Missing ?? "");

        foreach (var arguments in (string[][])[["check", "rules", "driftguard.rules.yaml"], ["test", "rules", "driftguard.rules.test.yaml"]])
        {
            var (code, said) = await Monitoring.RunAsync(Monitoring.Promtool, Path.GetDirectoryName(DeployedQueries.Rules)!, arguments);
            code.ShouldBe(0, said);
        }
    }

    [Fact]
    public void Dashboards_have_ids_of_their_own_that_stay_and_take_their_data_from_the_source_that_is_chosen()
    {
        DeployedQueries.Dashboards.Select(one => (one.File, one.Dashboard.GetProperty("uid").GetString())).ShouldBe(
        [
            ("drift.json", "driftguard-drift"), ("gateway.json", "driftguard-gateway"), ("overview.json", "driftguard-overview"), ("rollout.json", "driftguard-rollout"),
        ]);
        foreach (var (file, dashboard) in DeployedQueries.Dashboards)
        {
            dashboard.GetProperty("schemaVersion").GetInt32().ShouldBeGreaterThanOrEqualTo(39, file);
            var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
            panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
            panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Append(panel)).Select(part => part.GetProperty("datasource").GetProperty("uid").GetString()).ShouldAllBe(uid => uid == "${datasource}");
        }
    }

    [GeneratedRegex(@"alertname: (?<alarm>\w+)\n\s+exp_alerts:\n\s+- exp_labels", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fires();
}
