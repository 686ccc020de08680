using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Installation;

namespace DriftGuard.Cli.Tests.Shell;

public sealed class ErrorBoundaryTests
{
    [Fact]
    public async Task A_users_mistake_is_one_line_and_its_hint()
    {
        var (code, error) = await Fail(new CommandException(ExitCode.NotFound, "there is no index '[docs]'", "Did you mean 'faq'?"));

        code.ShouldBe(ExitCode.NotFound);
        error.ShouldBe("error: there is no index '[docs]'\nDid you mean 'faq'?\n");
    }

    [Fact]
    public async Task Where_it_comes_from_is_shown_only_on_request()
    {
        var (_, quiet) = await Fail(new InvalidOperationException("boom"));
        var (_, verbose) = await Fail(new InvalidOperationException("boom"), verbose: true);

        quiet.ShouldBe("error: unexpected error: boom\nrun the command again with --verbose to see where it comes from\n");
        verbose.ShouldContain("System.InvalidOperationException: boom\n   at ");
    }

    [Fact]
    public async Task In_JSON_an_error_is_an_object_with_its_code()
    {
        var (code, error) = await Fail(new InstallationException("the data folder /x is a file"), OutputMode.Json);

        code.ShouldBe(ExitCode.Unavailable);
        var json = System.Text.Json.JsonDocument.Parse(error).RootElement.GetProperty("error");
        json.GetProperty("code").GetString().ShouldBe("unavailable");
        json.GetProperty("exitCode").GetInt32().ShouldBe(5);
        json.GetProperty("message").GetString().ShouldBe("the data folder /x is a file");
    }

    [Fact]
    public async Task A_stop_that_was_asked_for_is_no_error()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        var (code, error) = await Fail(new TaskCanceledException(), stopping: stopping.Token);

        code.ShouldBe(ExitCode.Cancelled);
        error.ShouldStartWith("stopped; what was done stays");
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_an_error() =>
        (await Fail(new TaskCanceledException("timed out"))).Code.ShouldBe(ExitCode.UnexpectedError);

    private static async Task<(ExitCode Code, string Error)> Fail(
        Exception exception, OutputMode output = OutputMode.Table, bool verbose = false, CancellationToken stopping = default)
    {
        using var error = new StringWriter { NewLine = "\n" };
        var context = new CommandContext(
            new ShellEnvironment { Out = TextWriter.Null, Error = error, Variables = new Dictionary<string, string>(StringComparer.Ordinal), Stopping = stopping },
            new GlobalValues(output, DataDirectory: null, ConfigFile: null, Server: null, ApiKeyFile: null, verbose));
        var code = await ErrorBoundary.RunAsync(context, () => Task.FromException<ExitCode>(exception));
        return (code, error.ToString());
    }
}
