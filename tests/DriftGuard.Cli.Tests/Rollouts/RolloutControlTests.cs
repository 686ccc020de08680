using System.Text.Json;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>The commands that steer a rollout and prove it: what they say, as people and as programs read it.</summary>
public sealed class RolloutControlTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-control-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Limits_are_changed_texts_listed_and_proofs_repeated_from_the_command_line()
    {
        await PlannedAsync();

        var throttled = (await Json("rollout", "throttle", "docs", "--points-per-second", "5000", "--concurrent-partitions", "1", "--tokens-per-minute", "none")).GetProperty("limits");
        throttled.GetProperty("pointsPerSecond").GetDouble().ShouldBe(5000);
        throttled.GetProperty("concurrentPartitions").GetInt32().ShouldBe(1);
        throttled.GetProperty("tokensPerMinute").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Json("rollout", "parked", "docs")).GetProperty("texts").GetArrayLength().ShouldBe(0);
        var nothing = await Run("rollout", "retry", "docs");
        (nothing.Code, nothing.Error.Contains("no text of docs-r1 stands parked", StringComparison.Ordinal)).ShouldBe((ExitCode.Conflict, true), nothing.Error);
        (await Run("rollout", "verify", "docs")).Code.ShouldBe(ExitCode.Conflict, "nothing is copied yet");

        (await Run("rollout", "resume", "docs")).Code.ShouldBe(ExitCode.Inconclusive, "it waits for an approval");

        var status = await Json("rollout", "status", "docs");
        status.GetProperty("limits").GetProperty("pointsPerSecond").GetDouble().ShouldBe(5000);
        status.GetProperty("tokens").GetInt64().ShouldBeGreaterThan(240);
        status.GetProperty("proof").GetProperty("isWhole").GetBoolean().ShouldBeTrue();
        var all = await Json("rollout", "verify", "docs");
        all.GetProperty("differing").GetInt64().ShouldBe(0);
        all.GetProperty("proofs").EnumerateArray().Sum(proof => proof.GetProperty("sourcePoints").GetInt64()).ShouldBe(240);
        all.GetProperty("whole").GetProperty("digest").GetString().ShouldBe(status.GetProperty("proof").GetProperty("digest").GetString());
        var first = (await Json("rollout", "verify", "docs", "--partition", "0")).GetProperty("proofs").EnumerateArray().ShouldHaveSingleItem();
        first.GetProperty("sourceDigest").GetString().ShouldBe(all.GetProperty("proofs")[0].GetProperty("sourceDigest").GetString());
        (await Run("rollout", "verify", "docs")).Out.ShouldContain("both sides hold the same");
        (await Run("rollout", "status", "docs")).Out.ShouldContain("compared in full");
    }

    [Theory]
    [InlineData("--points-per-second", "0", "--points-per-second: expected a number above 0, such as 200, or none, found '0'")]
    [InlineData("--money", "much", "--money: expected a number above 0, such as 200, or none, found 'much'")]
    [InlineData("--concurrent-partitions", "0", "--concurrent-partitions: expected a whole number from 1 to 256, found '0'")]
    public async Task A_limit_that_is_none_is_refused_with_what_is_expected(string option, string value, string message)
    {
        var run = await Run("rollout", "throttle", "docs", option, value);

        (run.Code, run.Error.Contains(message, StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true), run.Error);
    }

    private async Task PlannedAsync()
    {
        (await Run("index", "create", "docs", "--model", "static-wordpiece-128", "--calibration-set", "xquad-en")).Code.ShouldBe(ExitCode.Success);
        (await Run("index", "load", "docs", Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-en", "corpus.jsonl"))).Code.ShouldBe(ExitCode.Success);
        var started = await Run("rollout", "start", "docs", "--to", "all-minilm-l6-v2-int8", "--no-preflight", "--detach");
        started.Code.ShouldBe(ExitCode.Success, started.Error);
        (await Run("rollout", "throttle", "docs")).Code.ShouldBe(ExitCode.Usage, "nothing is to be changed");
    }

    private async Task<JsonElement> Json(params string[] arguments)
    {
        var run = await Run([.. arguments, "--output", "json"]);
        run.Code.ShouldBe(ExitCode.Success, run.Error);
        return run.Json;
    }

    private Task<CommandLineRun> Run(params string[] arguments) =>
        CommandLineRun.Of([.. arguments, "--data", Path.Join(folder, "data")], TestContext.Current.CancellationToken);
}
