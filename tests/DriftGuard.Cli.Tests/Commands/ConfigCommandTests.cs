using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-cli-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Show_lists_values_with_their_sources_in_bare_columns()
    {
        var file = Write("rollout:\n  batchSize: 8\n");

        var run = await CommandLineRun.Of(["config", "show", "--config", file], default, ("DRIFTGUARD__LOG__LEVEL", "debug"));

        run.Code.ShouldBe(ExitCode.Success);
        run.Out.ShouldMatch(@"\nrollout\.batchSize +8 +driftguard\.yaml:2:3 *\n");
        run.Out.ShouldMatch(@"\nlog\.level +debug +DRIFTGUARD__LOG__LEVEL *\n");
        run.Out.ShouldNotContain("\u001b");
        run.Error.ShouldBe($"configuration file: {file}\n");
    }

    [Fact]
    public async Task Show_as_JSON_is_all_that_is_written()
    {
        var run = await CommandLineRun.Of(["config", "show", "-o", "json", "--data", "/d"]);

        run.Error.ShouldBeEmpty();
        run.Json.GetProperty("settings").EnumerateArray().First(setting => setting.GetProperty("key").GetString() == "dataDirectory")
            .GetRawText().ShouldContain("\"--data\"");
    }

    [Fact]
    public async Task Validate_lists_every_problem_and_no_stack_trace()
    {
        var run = await CommandLineRun.Of(["config", "validate", "--config", Write("rolout: 1\nlog:\n  json: 3\n")]);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldBe("""
            error: the configuration has 2 problems
              driftguard.yaml:1:1: rolout: unknown key; did you mean 'rollout'?
              driftguard.yaml:3:3: log.json: expected true or false, found '3'

            """);
    }

    [Fact]
    public async Task Validate_says_so_when_nothing_is_wrong()
    {
        var file = Write("log:\n  json: true\n");

        (await CommandLineRun.Of(["config", "validate", "--config", file])).Out.ShouldBe($"valid: {file}\n");
    }

    private string Write(string yaml)
    {
        var file = Path.Join(_folder, "driftguard.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
