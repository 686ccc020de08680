using System.Diagnostics;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using DriftGuard.Operator.Tests.Histories;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>What people see and do with <c>kubectl</c>, by the real one that <c>DRIFTGUARD_KUBECTL</c> names.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task A_person_sees_the_story_approves_and_waits()
    {
        if (Environment.GetEnvironmentVariable("DRIFTGUARD_KUBECTL") is not { Length: > 0 } kubectl)
        {
            Assert.Skip("DRIFTGUARD_KUBECTL names no kubectl");
            return;
        }

        await using var server = await TestApiServer.StartAsync();
        var installation = new FakeInstallation();
        foreach (var model in installation.Models.Keys)
        {
            server.Make(ResourceKind.EmbeddingModel, model, "{}");
        }

        server.Make(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"alpha"}}""");
        await using var running = RunningOperator.Start(server, installation);
        await RunAsync(kubectl, server, "wait", "embeddingindex/docs", "--for=condition=Ready", "--timeout=50s");
        (await RunAsync(kubectl, server, "patch", "eidx", "docs", "--type", "merge", "-p", """{"spec":{"modelRef":{"name":"beta"}}}""")).ShouldContain("patched");
        await RunningOperator.UntilAsync(() => Steps(installation) && Waits(server), () => "it asks for no approval");

        var listed = await RunAsync(kubectl, server, "get", "embeddingindexes,rollouts.driftguard.dev");
        var name = server.List<Rollout>(ResourceKind.Rollout).Single().Metadata.Name;
        listed.ShouldContain($"rollout.driftguard.dev/{name}");
        listed.ShouldContain("AwaitingApproval");
        (await RunAsync(kubectl, server, "patch", "dgro", name, "--type", "merge", "-p", """{"spec":{"approved":true,"reason":"read and agreed"}}""")).ShouldContain("patched");
        (await RunAsync(kubectl, server, "patch", "dgro", name, "--type", "merge", "-p", """{"spec":{"model":"gamma"}}""", "!")).ShouldContain("only desired, approved and reason");
        await RunningOperator.UntilAsync(() => Steps(installation) && server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs").Status is { Model: "beta" } status && status.Of(Condition.Ready) == "True InSync", () => "not in sync");

        var story = await RunAsync(kubectl, server, "describe", "embeddingindex", "docs");
        TestContext.Current.TestOutputHelper?.WriteLine(story);
        foreach (var told in new[] { "IndexCreated", "ModelChanged", "RolloutCreated", "AwaitingApproval", "InSync", "driftguard-operator" })
        {
            story[story.LastIndexOf("Events:", StringComparison.Ordinal)..].ShouldContain(told);
        }
    }

    private static bool Steps(FakeInstallation installation)
    {
        installation.Step();
        return true;
    }

    private static bool Waits(TestApiServer server) => server.List<Rollout>(ResourceKind.Rollout).Any(rollout => rollout.Status.Of(Condition.AwaitingApproval) == "True AwaitingApproval");

    /// <summary>Runs it; a last word of "!" says that it is to fail.</summary>
    private static async Task<string> RunAsync(string kubectl, TestApiServer server, params string[] arguments)
    {
        var fails = arguments[^1] == "!";
        using var process = Process.Start(new ProcessStartInfo(kubectl, ["--server", server.Address, "--namespace", People.Space, "--cache-dir", Path.Join(Path.GetTempPath(), $"kubectl-{new Uri(server.Address).Port}"), .. fails ? arguments[..^1] : arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await output + await error;
        (process.ExitCode != 0).ShouldBe(fails, said);
        return said;
    }
}
