using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests;
using DriftGuard.Operator.Hosting;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using DriftGuard.Operator.Tests.Histories;
using DriftGuard.Worker.Api.Client;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>The process of <c>driftguard operator</c>.</summary>
public sealed class OperatorHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_that_it_is_ready_works_without_an_installation_that_answers_and_stops()
    {
        await using var server = await TestApiServer.StartAsync();
        server.Make(ResourceKind.EmbeddingModel, "alpha", "{}");
        var settings = new OperatorSettings
        {
            LeaseNamespace = "search",
            Identity = "one",
            Namespaces = ["search"],
        };
        var options = new DriftGuardOptions { Http = new() { Address = "http://127.0.0.1:0" } };
        // Nobody listens on the port of a server that is gone.
        await using var host = OperatorHost.Build(server.Configuration, new ManagementClient("http://127.0.0.1:9", () => null), settings, options, TimeProvider.System, _ => { });
        await host.StartAsync(Cancellation);
        using var client = new HttpClient { BaseAddress = new(host.Urls.Single()) };
        (await client.GetStringAsync("/health/live", Cancellation)).ShouldBe("live");
        (await client.GetStringAsync("/health/ready", Cancellation)).ShouldBe("ready");

        await RunningOperator.UntilAsync(
            () => server.Read<EmbeddingModel>(ResourceKind.EmbeddingModel, "alpha").Status.Of(Condition.Reconciling) == "True InstallationUnreachable", () => "it is not said that nobody answers");
        await host.StopAsync(Cancellation);
        server.Used.Where(asked => asked.Verb == "list").Select(asked => asked.Resource).ShouldBe(ResourceKind.All.Select(kind => kind.Plural), ignoreOrder: true);
    }

    [Fact]
    public async Task It_needs_to_be_told_which_installation()
    {
        var run = await CommandLineRun.Of(["operator"], Cancellation);
        (run.Code, run.Error.Contains("--server", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));

        var unreachable = await CommandLineRun.Of(["operator", "--server", "http://127.0.0.1:9", "--kubeconfig", Path.Join(Path.GetTempPath(), "no-such-kubeconfig")], Cancellation);
        (unreachable.Code, unreachable.Error.Contains("kubeconfig", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));
    }
}
