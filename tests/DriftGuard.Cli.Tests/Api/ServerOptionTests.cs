using System.Text.Json;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>A command says the same whether it works here or asks a server.</summary>
public sealed class ServerOptionTests
{
    [Fact]
    public Task What_a_server_says_is_what_the_command_says_here() => ApiInstallation.RunAsync(async api =>
    {
        (await api.Index.RunAsync("calibration", "score", "docs")).Code.ShouldBe(ExitCode.Success);
        var rollout = await api.AskAsync(null, "rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--no-preflight");
        rollout.Code.ShouldBe(ExitCode.Inconclusive, rollout.Error);
        string[] commands =
        [
            "index list", "index show docs", "model list", "drift history", "drift history docs --limit 1", "drift history docs --detector model", "drift explain docs", "evaluation list",
            "evaluation show docs", "rollout status", "rollout status docs", "rollout parked docs", "rollout shadow docs", "audit docs", "audit --rollout docs-r1 --since 7d", "key list",
            "index show nope", "drift explain nope", "evaluation show nope", "rollout status nope", "bridge show docs", "bridge end docs", "rollout pause nope", "rollout rollback docs", "rollout retry docs",
            "rollout throttle docs", "key revoke nope", "key create a",
        ];

        foreach (var command in commands)
        {
            var arguments = command.Split(' ');
            var (here, there) = (await api.Index.RunAsync(arguments), await api.AskAsync(null, arguments));
            (there.Code, there.Out, there.Error).ShouldBe((here.Code, here.Out, here.Error), command);
            var (json, asked) = (await api.Index.RunAsync([.. arguments, "--output", "json"]), await api.AskAsync(null, [.. arguments, "--output", "json"]));
            (asked.Code, asked.Error).ShouldBe((json.Code, json.Error), command);
            (json.Out == asked.Out || JsonElement.DeepEquals(json.Json, asked.Json)).ShouldBeTrue($"{command}\n{json.Out}\n{asked.Out}");
        }
    });

    [Fact]
    public Task A_check_and_a_score_by_a_server_are_kept_there() => ApiInstallation.RunAsync(async api =>
    {
        var check = await api.AskAsync(null, "drift", "check", "docs", "--detector", "model", "--seed", "7", "--output", "json");
        check.Code.ShouldBe(ExitCode.Success, check.Error);
        check.Json.GetProperty("seed").GetInt32().ShouldBe(7);
        (await api.Index.RunAsync("drift", "explain", check.Json.GetProperty("id").GetString()!)).Code.ShouldBe(ExitCode.Success);

        var score = await api.AskAsync(null, "evaluate", "docs", "--output", "json");
        score.Code.ShouldBe(ExitCode.Success, score.Error);
        (await api.Index.RunAsync("evaluation", "show", score.Json.GetProperty("id").GetString()!)).Code.ShouldBe(ExitCode.Success);
        (await api.AskAsync(null, "drift", "baseline", "docs")).Code.ShouldBe(ExitCode.Success);
    });

    [Theory]
    [InlineData("ftp://nowhere")]
    [InlineData("nowhere")]
    [InlineData("http://a.example?x=1")]
    public async Task An_address_that_is_none_is_refused(string address)
    {
        var run = await CommandLineRun.Of(["index", "list", "--server", address]);

        (run.Code, run.Error.Contains("expected an address", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true), run.Error);
        (await CommandLineRun.Of(["index", "list"], default, ("DRIFTGUARD_SERVER", address))).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_said_so()
    {
        var run = await CommandLineRun.Of(["index", "list", "--server", $"http://127.0.0.1:{Testing.Network.FreePort.Next()}"]);

        (run.Code, run.Error.Contains("cannot be asked", StringComparison.Ordinal)).ShouldBe((ExitCode.Unavailable, true), run.Error);
    }

    [Fact]
    public async Task A_command_on_files_is_not_asked_of_a_server()
    {
        var run = await CommandLineRun.Of(["index", "load", "docs", "corpus.jsonl", "--server", "http://127.0.0.1:1"]);

        (run.Code, run.Error.Contains("cannot be asked of a server", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true), run.Error);
    }

    [Fact]
    public Task A_key_is_read_from_a_file_and_a_wrong_one_is_said_so() => ApiInstallation.RunAsync(async api =>
    {
        var file = Path.Join(api.Index.Folder, "key");
        await File.WriteAllTextAsync(file, await api.KeyAsync("viewer", Core.Access.ManagementRole.Viewer) + "\n");

        (await api.AskAsync(null, "index", "list", "--api-key-file", file)).Code.ShouldBe(ExitCode.Success);
        var none = await api.AskAsync(null, "index", "list");
        (none.Code, none.Error.Contains("DRIFTGUARD_API_KEY", StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true), none.Error);
        (await api.AskAsync("dg_wrong", "index", "list")).Code.ShouldBe(ExitCode.Refused);
        (await api.AskAsync(null, "index", "list", "--api-key-file", file + "-nope")).Code.ShouldBe(ExitCode.Usage);
    }, options => options with { Security = ApiInstallation.Closed });
}
