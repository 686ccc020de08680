using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Shell;

public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_lists_the_commands_and_every_exit_code()
    {
        var run = await CommandLineRun.Of("--help");

        run.Code.ShouldBe(ExitCode.Success);
        run.Error.ShouldBeEmpty();
        run.Out.ShouldContain("\n  serve ");
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            run.Out.ShouldMatch($"\n +{(int)code}  [a-zQ]");
        }
    }

    [Fact]
    public async Task Help_of_a_command_ends_with_examples() =>
        (await CommandLineRun.Of("config show --help")).Out.ShouldContain("Examples:\n  driftguard config show\n");

    [Fact]
    public async Task Version_is_one_line_on_standard_output()
    {
        var run = await CommandLineRun.Of("--version");

        run.Code.ShouldBe(ExitCode.Success);
        run.Out.ShouldMatch(@"^\d+\.\d+\.\d+\S*\n$");
    }

    [Theory]
    [InlineData("")]
    [InlineData("config")]
    [InlineData("model")]
    public async Task The_name_of_a_group_alone_shows_its_help_and_did_nothing(string arguments)
    {
        var run = await CommandLineRun.Of(arguments);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("Commands:\n");
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_an_object_where_programs_read()
    {
        var run = await CommandLineRun.Of("index list --output json --modle x");

        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBeEmpty();
        run.ErrorJson.GetProperty("exitCode").GetInt32().ShouldBe((int)ExitCode.Usage);
        run.ErrorJson.GetProperty("message").GetString()!.ShouldContain("'--modle'");
    }

    [Theory]
    [InlineData("config shw", "error: Unrecognized command or argument 'shw'; did you mean 'show'?\nSee 'driftguard config --help'.\n")]
    [InlineData("confg", "error: Unrecognized command or argument 'confg'; did you mean 'config'?\nSee 'driftguard --help'.\n")]
    [InlineData("config show --outptu=json", "error: Unrecognized command or argument '--outptu=json'.\nSee 'driftguard config show --help'.\n")]
    [InlineData("config show --confg", "error: Unrecognized command or argument '--confg'; did you mean '--config'?\nSee 'driftguard config show --help'.\n")]
    [InlineData("config show --output xml", "error: --output: expected table or json, found 'xml'\nSee 'driftguard config show --help'.\n")]
    [InlineData("config show --data", "error: Required argument missing for option: '--data'.\nSee 'driftguard config show --help'.\n")]
    [InlineData("qdrant --port many", "error: Cannot parse argument 'many' for option '--port' as a whole number.\nSee 'driftguard qdrant --help'.\n")]
    [InlineData("qdrant --port 70000", "error: --port: expected a number from 0 to 65535, found '70000'\nSee 'driftguard qdrant --help'.\n")]
    public async Task A_mistake_on_the_command_line_says_what_was_meant_and_where_the_help_is(string arguments, string error)
    {
        var run = await CommandLineRun.Of(arguments);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldBe(error);
    }

    [Fact]
    public void Every_exit_code_has_its_row_and_no_two_share_a_name()
    {
        ExitCodeTable.Rows.Select(row => row.Code).ShouldBe(Enum.GetValues<ExitCode>(), ignoreOrder: true);
        ExitCodeTable.Rows.Select(row => row.Name).ShouldBeUnique(StringComparer.Ordinal);
    }
}
