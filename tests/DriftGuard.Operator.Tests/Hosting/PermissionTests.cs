using System.Text.RegularExpressions;
using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Resources;
using DriftGuard.Operator.Tests.ApiServer;
using DriftGuard.Operator.Tests.Histories;

namespace DriftGuard.Operator.Tests.Hosting;

/// <summary>What the operator asks of a cluster is what it is said to need, and what the chart lets it do: no more, and no less.</summary>
public sealed partial class PermissionTests
{
    private static IEnumerable<Permission> Declared => Permissions.All.SelectMany(allowed => allowed.Verbs.Select(verb => new Permission(allowed.Group, allowed.Resource, verb)));

    [Fact]
    public async Task Everything_that_is_asked_is_declared_and_everything_that_is_declared_is_asked()
    {
        await using var server = await TestApiServer.StartAsync();
        var installation = new FakeInstallation();
        foreach (var model in installation.Models.Keys)
        {
            server.Make(ResourceKind.EmbeddingModel, model, "{}");
        }

        server.Make(ResourceKind.CalibrationSet, FakeInstallation.Set, "{}");
        server.Make(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"alpha"},"deletionPolicy":"Delete"}""");
        server.Make(ResourceKind.DriftCheck, "once", """{"indexRef":{"name":"docs"}}""");
        await using var running = RunningOperator.Start(server, installation);
        await RunningOperator.UntilAsync(() => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs").Status.Of(Condition.Ready) == "True InSync", () => "not in sync");
        await RunningOperator.UntilAsync(() => server.Read<DriftCheck>(ResourceKind.DriftCheck, "once").Status.Of(Condition.Healthy) == "True None", () => "not checked");

        // One model after the other, and one that is not there: the same is told twice.
        server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"beta"}}""");
        await RunningOperator.UntilAsync(() => Goes(installation, server, "False AwaitingApproval"), () => "no approval asked for");
        for (var i = 0; i < 2; i++)
        {
            server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"nothing"}}""");
            await RunningOperator.UntilAsync(() => server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs").Status.Of(Condition.Ready) == "False ModelNotFound", () => server.Store.Get("embeddingindexes", "search", "docs").ToJsonString() + string.Join("\n", installation.Acts));
            server.Patch(ResourceKind.EmbeddingIndex, "docs", """{"modelRef":{"name":"alpha"}}""");
            await RunningOperator.UntilAsync(() => Goes(installation, server, "True InSync"), () => "not in sync again");
        }

        server.Store.Delete("embeddingindexes", "search", "docs");
        await RunningOperator.UntilAsync(() => server.List<EmbeddingIndex>(ResourceKind.EmbeddingIndex).Count == 0, () => "it is not let go");
        installation.Index("docs").ShouldBeNull();

        server.Used.ShouldBe(Declared, ignoreOrder: true);
    }

    [Fact]
    public void The_charts_roles_let_it_do_that_and_nothing_else()
    {
        var file = Path.Join(Root(), "charts", "driftguard", "templates", "operator-rbac.yaml");
        if (!File.Exists(file))
        {
            Assert.Skip("the chart has no roles for an operator here");
        }

        Rules().Matches(File.ReadAllText(file)).SelectMany(rule =>
            from @group in Words(rule.Groups["groups"].Value)
            from resource in Words(rule.Groups["resources"].Value)
            from verb in Words(rule.Groups["verbs"].Value)
            select new Permission(@group, resource, verb)).ShouldBe(Declared, ignoreOrder: true);
    }

    /// <summary>Rollouts go one step; whether the index has come to where it is waited for.</summary>
    private static bool Goes(FakeInstallation installation, TestApiServer server, string condition)
    {
        installation.Step();
        return server.Read<EmbeddingIndex>(ResourceKind.EmbeddingIndex, "docs").Status.Of(Condition.Ready) == condition;
    }

    private static string[] Words(string list) => [.. list.Split(',').Select(word => word.Trim().Trim('"'))];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "DriftGuard.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"- apiGroups: \[(?<groups>[^\]]*)\][^\n]*\n\s+resources: \[(?<resources>[^\]]*)\][^\n]*\n\s+verbs: \[(?<verbs>[^\]]*)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Rules();
}
