using DriftGuard.Cli.Shell;
using DriftGuard.Testing.Network;

namespace DriftGuard.Cli.Tests.Commands;

/// <summary><c>notify</c>, here and by a server.</summary>
public sealed class NotifyCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-cli-notify-").FullName;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync(TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_test_reaches_the_webhook_that_is_named_or_all_and_says_what_was_answered()
    {
        var one = await RunAsync("notify", "test", "oncall");
        one.Code.ShouldBe(ExitCode.Success, one.Error);
        one.Out.ShouldContain("200 OK: ok");
        _receiver.Received.ShouldHaveSingleItem().Json.GetProperty("blocks").GetArrayLength().ShouldBe(3);

        var all = await RunAsync("notify", "test", "--output", "json");
        all.Code.ShouldBe(ExitCode.Unavailable, all.Error);
        all.Json.EnumerateArray().Select(test => (test.GetProperty("name").GetString(), test.GetProperty("delivered").GetBoolean())).ShouldBe([("oncall", true), ("gone", false)]);
        all.Out.ShouldNotContain("planted");
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_what_is()
    {
        var unknown = await RunAsync("notify", "test", "nope");

        unknown.Code.ShouldBe(ExitCode.NotFound);
        unknown.Error.ShouldContain("oncall, gone");
        (await CommandLineRun.Of(["notify", "test", "--data", Path.Join(_folder, "other")], Cancellation)).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task The_list_has_the_webhooks_without_their_addresses()
    {
        var list = await RunAsync("notify", "list");

        list.Code.ShouldBe(ExitCode.Success, list.Error);
        list.Out.ShouldMatch(@"oncall +slack +warning +all +docs +0 +never");
        list.Out.ShouldNotContain("127.0.0.1");
        (await RunAsync("config", "show")).Out.ShouldMatch(@"notifications\.webhooks\[0\]\.url +\*{8}");
    }

    [Fact]
    public async Task A_server_says_the_same()
    {
        await ServedInstallation.RunAsync(Path.Join(_folder, "served"), options => options with { Notifications = new() { Webhooks = [new() { Name = "served", Url = _receiver.Url }] } }, async (_, client, _) =>
        {
            var test = await CommandLineRun.Of(["notify", "test", "--server", client.BaseAddress!.ToString(), "--output", "json"], Cancellation);
            test.Code.ShouldBe(ExitCode.Success, test.Error);
            test.Json[0].GetProperty("answer").GetString().ShouldBe("200 OK: ok");
            var list = await CommandLineRun.Of(["notify", "list", "--server", client.BaseAddress!.ToString(), "--output", "json"], Cancellation);
            list.Json[0].GetProperty("name").GetString().ShouldBe("served", list.Error);
        }, Cancellation);
    }

    private async Task<CommandLineRun> RunAsync(params IReadOnlyList<string> arguments)
    {
        var file = Path.Join(_folder, "driftguard.yaml");
        await File.WriteAllTextAsync(file, $$"""
            notifications:
              webhooks:
                - { name: oncall, format: slack, url: "{{_receiver.Url}}", minimumSeverity: warning, indexes: [docs] }
                - { name: gone, url: "http://127.0.0.1:1/planted-path-of-a-webhook" }
            """, Cancellation);
        return await CommandLineRun.Of([.. arguments, "--config", file, "--data", Path.Join(_folder, "data")], Cancellation);
    }
}
