using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>What dashboards and alarms ask for is what a worker exports that has checked for drift, changed a model and answered requests.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class DeployedQueryTests
{
    private const string Next = "all-minilm-l6-v2-int8";

    // Protection against hanging: the slowest of what is waited for is a check in the soak, which scores all queries while other tests run.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_is_of_metrics_and_labels_that_a_running_worker_exports()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.RunAsync("drift", "check", CheckedIndex.Index); // against the baseline that the first one took
        var queries = DeployedQueries.All.Select(one => (one.Where, Query: PromQl.Parse(one.Expression))).ToList();
        var exported = new ExportedMetrics();
        var options = new DriftGuardOptions
        {
            DataDirectory = Path.Join(index.Folder, "data"),
            Drift = new() { Jitter = TimeSpan.Zero, Schedules = new() { Schema = new() { Cron = "0/5 * * * * ?" } } },
        };

        await ServedInstallation.AskAsync(options, async (client, installation) =>
        {
            await RequestAsync(client, installation);
            await BridgeAsync(installation);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var rollout = RolloutAsync(index, enough.Token);
            using var hanging = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            hanging.CancelAfter(Longest);
            while (Missing(queries, exported).Any() && !hanging.IsCancellationRequested && !rollout.IsFaulted)
            {
                exported.Take(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation));
                await Task.Delay(500, Cancellation);
            }

            await enough.CancelAsync();
            await rollout;
        }, Cancellation);

        Missing(queries, exported).ShouldBeEmpty();
        exported.TakeDocumented(await File.ReadAllTextAsync(Path.Join(DeployedQueries.Folder, "METRICS.md"), Cancellation));
        queries.SelectMany(one => one.Query.Selectors.SelectMany(selector => selector.Labels
                .Where(label => !ExportedMetrics.Added.Contains(label) && !exported.Has(selector.Metric, label)).Select(label => $"{one.Where}: {selector.Metric} has no label {label}")))
            .ShouldBeEmpty();
        queries.SelectMany(one => one.Query.Grouping
                .Where(label => !ExportedMetrics.Added.Contains(label) && !one.Query.Selectors.Any(selector => exported.Has(selector.Metric, label))).Select(label => $"{one.Where}: nothing in {one.Query.Text} has the label {label}"))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> Missing(IReadOnlyList<(string Where, PromQl Query)> queries, ExportedMetrics exported) =>
        queries.SelectMany(one => one.Query.Selectors.Where(selector => !exported.Names.Contains(selector.Metric)).Select(selector => $"{one.Where}: {selector.Metric}"));

    /// <summary>One that is answered, one with a vector of another model, and a write that a fence holds.</summary>
    private static async Task RequestAsync(HttpClient client, OpenedInstallation installation)
    {
        await client.PostAsync("/v1/indexes/docs/search", """{"text":"who won"}""");
        await client.PostAsync("/v1/indexes/docs/search", $$"""{"vector":[1],"fingerprint":"{{new string('a', 64)}}"}""");
        await installation.State.HoldWritesAsync(CheckedIndex.Index, "test", TimeSpan.FromMinutes(1), Cancellation);
        var write = client.PostAsync("/v1/indexes/docs/points", """{"points":[{"id":7,"text":"written"}]}""", HttpMethod.Put);
        while (!write.IsCompleted && !(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).Contains("driftguard_gateway_writes_waiting{", StringComparison.Ordinal))
        {
            await Task.Delay(50, Cancellation);
        }

        await installation.State.ReleaseHoldAsync(CheckedIndex.Index, "test", Cancellation);
        (await write).ShouldBe(200);
    }

    /// <summary>A rollout that soaks soon and for longer than the test lasts, and may spend some money.</summary>
    private static async Task RolloutAsync(CheckedIndex index, CancellationToken enough)
    {
        var run = await CommandLineRun.Of(
            ["rollout", "start", CheckedIndex.Index, "--to", Next, "--no-preflight", "--data", Path.Join(index.Folder, "data")], enough,
            ("DRIFTGUARD__ROLLOUT__APPROVAL", "automatic"), ("DRIFTGUARD__ROLLOUT__SOAK", "1h"), ("DRIFTGUARD__ROLLOUT__SOAKCHECK", "5s"), ("DRIFTGUARD__ROLLOUT__LIMITS__MONEY", "5"));
        if (!enough.IsCancellationRequested)
        {
            run.Code.ShouldBe(ExitCode.Success, run.Out + run.Error);
        }
    }

    /// <summary>A bridge of an index that is away, which is some mistake and may come back.</summary>
    private static async Task BridgeAsync(OpenedInstallation installation)
    {
        var now = TimeProvider.System.GetUtcNow();
        var report = new BridgeReport
        {
            Id = "away-bridge",
            Index = "away",
            Collection = "away-1",
            Vector = "",
            OldModel = "old",
            Fingerprint = new string('a', 64),
            Model = Next,
            ModelFingerprint = new string('b', 64),
            At = now,
            Until = now + TimeSpan.FromDays(1),
            Kind = MapKind.Ridge,
            From = 2,
            To = 2,
            Unit = true,
            Distance = VectorDistance.Cosine,
            Digest = new string('c', 64),
            Pairs = 1,
            Seed = 1,
            CalibrationSet = CheckedIndex.Set,
            Metric = "ndcg@10",
            Choosing = 1,
            Candidates = [],
            OldMean = 1,
            BridgeMean = 1,
            Verdict = BridgeVerdict.Serves,
            Decision = MatchesOrBeatsRule.Compare([1, 1], [1, 1], [0, 1], new()),
        };
        await installation.State.AddBridgeAsync(
            new(report.Id, report.Index, report.Fingerprint, now, null, Serves: true, System.Text.Json.JsonSerializer.Serialize(report, EvaluationJson.Options)), [1], "serves", "serves", Cancellation);
    }
}
