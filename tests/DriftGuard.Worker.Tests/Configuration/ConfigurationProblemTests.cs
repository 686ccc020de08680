using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Tests.Configuration;

public sealed class ConfigurationProblemTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rolout:\n  soak: 1h", "driftguard.yaml:1:1: rolout: unknown key; did you mean 'rollout'?")]
    [InlineData("rollout:\n  batchsize: 1", "driftguard.yaml:2:3: rollout.batchsize: unknown key; did you mean 'batchSize'?")]
    [InlineData("log:\n  colour: red", "driftguard.yaml:2:3: log.colour: unknown key; known here: level, json")]
    [InlineData("rollout:\n  batchSize: many", "driftguard.yaml:2:3: rollout.batchSize: expected a whole number, found 'many'")]
    [InlineData("rollout:\n  batchSize: 1.5", "driftguard.yaml:2:3: rollout.batchSize: expected a whole number, found '1.5'")]
    [InlineData("rollout:\n  batchSize: 0", "driftguard.yaml:2:3: rollout.batchSize: must be between 1 and 10000, found 0")]
    [InlineData("rollout:\n  soak: 30", "driftguard.yaml:2:3: rollout.soak: expected a duration such as 30s, 5m, 2h or 7d, found '30'; add the unit")]
    [InlineData("rollout:\n  retention: 400d", "driftguard.yaml:2:3: rollout.retention: must be between 0s and 365d, found 400d")]
    [InlineData("rollout:\n  retention: 10m", "driftguard.yaml:2:3: rollout.retention: blue cannot be retired (10m) before the soak ends (1h)")]
    [InlineData("rollout:\n  approval: auto", "driftguard.yaml:2:3: rollout.approval: expected one of manual, automatic, found 'auto'; did you mean 'automatic'?")]
    [InlineData("rollout: 3", "driftguard.yaml:1:1: rollout: expected keys below it, found '3'")]
    [InlineData("log:\n  json: yes", "driftguard.yaml:2:3: log.json: expected true or false, found 'yes'")]
    [InlineData("log:\n  level: [debug]", "driftguard.yaml:2:3: log.level: expected one of trace, debug, information, warning, error, critical, none, found a list")]
    [InlineData("models:\n  roots: /opt", "driftguard.yaml:2:3: models.roots: expected a list, found '/opt'")]
    [InlineData("models:\n  roots: [a, ~]", "driftguard.yaml:2:14: models.roots[1]: expected text, found nothing")]
    [InlineData("rollout:\n  gate:\n    epsilon: .03", "driftguard.yaml:3:5: rollout.gate.epsilon: epsilon must be below the margin: it is the loss too small to matter")]
    [InlineData("rollout:\n  gate:\n    metrics: []", "driftguard.yaml:3:5: rollout.gate.metrics: name at least one metric; leave the key away for those of the calibration set")]
    [InlineData("indexes:\n  - model: a", "driftguard.yaml:2:5: indexes[0].name: is required")]
    [InlineData("indexes:\n  - name: a\n  - name: a", "driftguard.yaml:3:5: indexes[1].name: index 'a' is declared twice; remove one")]
    [InlineData("qdrant:\n  address: localhost:6334", "driftguard.yaml:2:3: qdrant.address: expected an address such as http://localhost:6334 or https://qdrant.example:6334, found 'localhost:6334'")]
    [InlineData("qdrant:\n  address: http://localhost:6333", "driftguard.yaml:2:3: qdrant.address: port 6333 is Qdrant's REST port; gRPC is on 6334 unless configured otherwise")]
    [InlineData("http:\n  address: https://0.0.0.0:80", "driftguard.yaml:2:3: http.address: an https:// address needs http.certificateFile and http.certificateKeyFile")]
    [InlineData("http:\n  certificateFile: a", "driftguard.yaml:2:3: http.certificateFile: a certificate is of use only with an https:// address")]
    [InlineData("security:\n  anonymous: maybe", "driftguard.yaml:2:3: security.anonymous: expected one of loopback, never, found 'maybe'")]
    [InlineData("security:\n  oidc:\n    authority: http://login.example\n    audience: a\n    grants: [{ value: x }]", "driftguard.yaml:3:5: security.oidc.authority: expected an issuer such as https://login.example/realms/main, found 'http://login.example'; http:// is for the loopback interface alone")]
    [InlineData("security:\n  oidc:\n    authority: https://login.example\n    audience: a", "driftguard.yaml:2:3: security.oidc.grants: no value of the claim grants anything: add one, such as {value: search-operators, role: operator}")]
    [InlineData("gateway:\n  shadow:\n    share: 5", "driftguard.yaml:3:5: gateway.shadow.share: must be between 0 and 1, found 5")]
    [InlineData("gateway:\n  shadow:\n    keepTexts: true", "driftguard.yaml:3:5: gateway.shadow.keepTexts: unknown key; did you mean 'keepText'?")]
    [InlineData("- a", "driftguard.yaml:1:1: expected keys such as 'rollout:' at the top, found a single value or a list")]
    public void A_mistake_in_the_file_is_told_with_its_place_what_was_expected_and_what_to_do(string yaml, string problem) =>
        _folder.Problems(yaml).ShouldBe([problem]);

    [Theory]
    [InlineData("DRIFTGUARD__ROLOUT__SOAK", "1h", "DRIFTGUARD__ROLOUT__SOAK: unknown key 'ROLOUT'; did you mean 'DRIFTGUARD__ROLLOUT__SOAK'?")]
    [InlineData("DRIFTGUARD__ROLLOUT__SOAK", "soon", "DRIFTGUARD__ROLLOUT__SOAK: rollout.soak: expected a duration such as 30s, 5m, 2h or 7d, found 'soon'")]
    [InlineData("DRIFTGUARD__ROLLOUT", "1", "DRIFTGUARD__ROLLOUT: rollout: expected keys below it, found '1'")]
    [InlineData("DRIFTGUARD__LOG__JSON__X", "1", "DRIFTGUARD__LOG__JSON__X: nothing can be set below 'LOG.JSON': it is a single value")]
    [InlineData("DRIFTGUARD__INDEXES__1__NAME", "a", "DRIFTGUARD__INDEXES__1__NAME: expected the position of an entry, at most 0 here (0 is the first), found '1'")]
    public void A_mistake_in_a_variable_is_told_with_its_name(string name, string value, string problem) =>
        _folder.Problems("", (name, value)).ShouldBe([problem]);

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_their_places() =>
        _folder.Problems("rollout:\n  partitions: 0\nlog:\n  levl: x\n  json: 3\nindexes:\n  - x: 1\n", ("DRIFTGUARD__A", "1"))
            .Select(problem => problem[..problem.IndexOf(": ", StringComparison.Ordinal)])
            .ShouldBe(["DRIFTGUARD__A", "driftguard.yaml:2:3", "driftguard.yaml:4:3", "driftguard.yaml:5:3", "driftguard.yaml:7:5", "driftguard.yaml:7:5"]);

    [Theory]
    [InlineData("a: [1\nb")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: b: c")]
    [InlineData("a: 'x")]
    public void What_is_not_YAML_is_said_to_be_none(string yaml) =>
        _folder.Problems(yaml).ShouldHaveSingleItem().ShouldMatch("^driftguard\\.yaml(:\\d+:\\d+)?: not readable as YAML: ");

    [Fact]
    public void Two_documents_in_one_file_are_refused() =>
        _folder.Problems("log: {}\n---\nlog: {}\n").ShouldBe(["driftguard.yaml: expected one YAML document, found several; remove the '---' between them"]);

    [Fact]
    public void A_file_that_was_named_must_exist() =>
        Should.Throw<ConfigurationException>(() => DriftGuardConfiguration.Load("missing.yaml", ConfigurationFolder.Environment()))
            .Problems.ShouldHaveSingleItem().ToString().ShouldBe("--config: there is no configuration file 'missing.yaml'");

    [Fact]
    public void A_secrets_file_must_be_readable_and_the_only_source() =>
        _folder.Problems("qdrant:\n  apiKey: a\n  apiKeyFile: missing\n").Count.ShouldBe(2);

    [Fact]
    public void Options_that_are_built_by_hand_are_held_to_the_same_rules() =>
        OptionsValidation.Check(new DriftGuardOptions { Rollout = new RolloutOptions { BatchSize = 0 } })
            .Select(problem => problem.Key).ShouldBe(["rollout.batchSize", "dataDirectory"]);
}
