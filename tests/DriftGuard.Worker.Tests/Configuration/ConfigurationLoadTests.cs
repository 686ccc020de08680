using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Tests.Configuration;

public sealed class ConfigurationLoadTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_file_and_variables_everything_has_the_documented_default()
    {
        var options = _folder.Load("");

        options.DataDirectory.ShouldBe("/nowhere/.local/share/driftguard");
        options.Qdrant.IsEmbedded.ShouldBeTrue();
        options.Rollout.Retention.ShouldBe(TimeSpan.FromDays(7));
        options.Rollout.Soak.ShouldBe(TimeSpan.FromHours(1));
        options.Rollout.Approval.ShouldBe(ApprovalMode.Manual);
        options.Rollout.Gate.Margin.ShouldBeNull();
        options.Rollout.Gate.Epsilon.ShouldBe(0.005);
        options.Rollout.Gate.Rule.ShouldBe(GateRule.Paired);
        options.Rollout.Gate.Metrics.ShouldBeNull();
    }

    [Fact]
    public void Every_kind_of_value_is_read_from_the_file()
    {
        var options = _folder.Load("""
            qdrant:
              address: https://qdrant.example:6334
              apiKey: 12345
            models:
              roots: [models, /opt/models, ~/models]
            indexes:
              - name: docs
                model: all-minilm-l6-v2-int8
                textField: body
              - name: faq
            rollout:
              batchSize: 128
              pointsPerSecond: 500
              retention: 14d
              soak: 1h30m
              approval: automatic
              gate:
                margin: 0.02
                rule: point
                metrics:
                  - ndcg@10
            log:
              level: debug
              json: true
            """);

        options.Qdrant.Address.ShouldBe("https://qdrant.example:6334");
        options.Qdrant.ReadApiKey().ShouldBe("12345");
        options.Models.Roots.ShouldBe([Path.Join(_folder.Path, "models"), "/opt/models", "/nowhere/models"]);
        options.Indexes.Select(index => index.Name).ShouldBe(["docs", "faq"]);
        options.Indexes[0].TextField.ShouldBe("body");
        options.Rollout.BatchSize.ShouldBe(128);
        options.Rollout.PointsPerSecond.ShouldBe(500);
        options.Rollout.Retention.ShouldBe(TimeSpan.FromDays(14));
        options.Rollout.Soak.ShouldBe(TimeSpan.FromMinutes(90));
        options.Rollout.Approval.ShouldBe(ApprovalMode.Automatic);
        options.Rollout.Gate.Margin.ShouldBe(0.02);
        options.Rollout.Gate.Rule.ShouldBe(GateRule.Point);
        options.Rollout.Gate.Metrics.ShouldBe(["ndcg@10"]);
        options.Log.Level.ShouldBe(LogLevel.Debug);
        options.Log.Json.ShouldBeTrue();
    }

    [Fact]
    public void A_key_without_a_value_keeps_its_default() =>
        _folder.Load("rollout:\n  soak:\n  gate: ~\nqdrant:\n").ShouldSatisfyAllConditions(
            options => options.Rollout.Soak.ShouldBe(TimeSpan.FromHours(1)),
            options => options.Rollout.Gate.Margin.ShouldBeNull(),
            options => options.Qdrant.IsEmbedded.ShouldBeTrue());

    [Theory]
    [InlineData("DRIFTGUARD__ROLLOUT__BATCHSIZE")]
    [InlineData("DRIFTGUARD__ROLLOUT__BATCH_SIZE")]
    [InlineData("driftguard__rollout__batchSize")]
    public void A_variable_wins_over_the_file_however_its_name_is_cased(string name) =>
        _folder.Load("rollout:\n  batchSize: 8\n  partitions: 3\n", (name, "16")).Rollout
            .ShouldSatisfyAllConditions(rollout => rollout.BatchSize.ShouldBe(16), rollout => rollout.Partitions.ShouldBe(3));

    [Fact]
    public void Variables_reach_into_lists_and_can_make_them_longer()
    {
        var options = _folder.Load(
            "indexes:\n  - name: docs\n    model: a\n",
            ("DRIFTGUARD__INDEXES__0__MODEL", "b"), ("DRIFTGUARD__INDEXES__1__NAME", "faq"), ("DRIFTGUARD__MODELS__ROOTS__0", "/opt/models"));

        options.Indexes.Select(index => (index.Name, index.Model)).ShouldBe([("docs", "b"), ("faq", null)]);
        options.Models.Roots.ShouldBe(["/opt/models"]);
    }

    [Fact]
    public void An_empty_variable_counts_as_not_set() =>
        _folder.Load("rollout:\n  batchSize: 8\n", ("DRIFTGUARD__ROLLOUT__BATCHSIZE", ""), ("DRIFTGUARD__QDRANT__ADDRESS", "")).Rollout.BatchSize.ShouldBe(8);

    [Fact]
    public void The_command_line_wins_over_the_variables()
    {
        var loaded = DriftGuardConfiguration.LoadWithOrigins(
            _folder.Write("dataDirectory: /a\n"),
            ConfigurationFolder.Environment(("DRIFTGUARD__DATADIRECTORY", "/b")),
            [new ConfigurationOverride("dataDirectory", "/c", "--data")]);

        loaded.Options.DataDirectory.ShouldBe("/c");
        loaded.Origins["dataDirectory"].ShouldBe("--data");
    }

    [Fact]
    public void The_data_folder_follows_XDG_unless_it_is_set() =>
        _folder.Load("", ("XDG_DATA_HOME", "/var/lib/ann")).DataDirectory.ShouldBe("/var/lib/ann/driftguard");

    [Fact]
    public void The_file_can_be_named_by_a_variable()
    {
        var file = _folder.Write("rollout: { batchSize: 5 }");

        var loaded = DriftGuardConfiguration.LoadWithOrigins(null, ConfigurationFolder.Environment((DriftGuardConfiguration.FileVariable, file)));

        loaded.File.ShouldBe(file);
        loaded.Options.Rollout.BatchSize.ShouldBe(5);
    }

    [Fact]
    public void The_API_key_is_read_from_its_file_without_the_white_space_around_it()
    {
        File.WriteAllText(Path.Join(_folder.Path, "key"), "secret\n");

        _folder.Load("qdrant:\n  apiKeyFile: key\n").Qdrant.ReadApiKey().ShouldBe("secret");
    }

    [Fact]
    public void The_effective_settings_name_their_source_and_hide_secrets()
    {
        var loaded = DriftGuardConfiguration.LoadWithOrigins(
            _folder.Write("qdrant:\n  apiKey: secret\n"), ConfigurationFolder.Environment(("DRIFTGUARD__ROLLOUT__SOAK", "90m")));

        var settings = EffectiveSettings.List(loaded);

        settings.ShouldContain(new EffectiveSetting("qdrant.apiKey", "********", "driftguard.yaml:2:3"));
        settings.ShouldContain(new EffectiveSetting("rollout.soak", "1h30m", "DRIFTGUARD__ROLLOUT__SOAK"));
        settings.ShouldContain(new EffectiveSetting("rollout.batchSize", "256", "default"));
        settings.ShouldContain(new EffectiveSetting("indexes", "[]", "default"));
        settings.ShouldAllBe(setting => setting.Value == null || !setting.Value.Contains("secret"));
    }
}
