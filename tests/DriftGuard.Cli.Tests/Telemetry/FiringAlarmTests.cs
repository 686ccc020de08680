using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Processes;
using DriftGuard.Worker.Hosting;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>A real Prometheus with the rules that are shipped, a real Alertmanager, and a worker as it is run, whose index drifts.</summary>
public sealed partial class FiringAlarmTests
{
    // Protection against hanging.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_index_that_drifts_raises_its_alarms()
    {
        Assert.SkipWhen(Monitoring.Missing is not null, Monitoring.Missing ?? "");
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(ExchangeVectorsAsync);
        var (worker, prometheus, alertmanager) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        await WriteAsync(index.Folder, "driftguard.yaml", $$"""
            http: { address: "http://127.0.0.1:{{worker}}" }
            drift: { jitter: 0s, schedules: { index: { cron: "0/10 * * * * ?", sample: 300 } } }
            """);
        await WriteAsync(index.Folder, "alertmanager.yml", "route: { receiver: nobody, group_wait: 1s }\nreceivers: [{ name: nobody }]\n");
        await WriteAsync(index.Folder, "rules.yaml", For().Replace(await File.ReadAllTextAsync(DeployedQueries.Rules, Cancellation), "for: 1s"));
        await WriteAsync(index.Folder, "prometheus.yml", $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [rules.yaml]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ["127.0.0.1:{{alertmanager}}"] }] }] }
            scrape_configs: [{ job_name: driftguard, static_configs: [{ targets: ["127.0.0.1:{{worker}}"] }] }]
            """);

        using var served = DriftGuardProcess.Start(index.Folder, "serve", "--config", Path.Join(index.Folder, "driftguard.yaml"));
        using var manages = new Running(Monitoring.Alertmanager, index.Folder, "--config.file=alertmanager.yml", "--storage.path=alerts", $"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address=");
        using var scrapes = new Running(Monitoring.Prometheus, index.Folder, "--config.file=prometheus.yml", "--storage.tsdb.path=series", $"--web.listen-address=127.0.0.1:{prometheus}");

        var firing = await WaitAsync(alertmanager, alarms => alarms.IsSupersetOf(["DriftGuardDriftConfirmed docs", "DriftGuardMixedIndex docs"]));

        firing.ShouldContain("DriftGuardDriftConfirmed docs", served.SaidSoFar);
        firing.ShouldContain("DriftGuardMixedIndex docs", served.SaidSoFar);
        firing.ShouldNotContain("DriftGuardJobMissed docs");
    }

    /// <summary>Asks Alertmanager until it has what is waited for.</summary>
    private static async Task<HashSet<string>> WaitAsync(int port, Func<HashSet<string>, bool> until)
    {
        using var client = new HttpClient();
        var alarms = new HashSet<string>(StringComparer.Ordinal);
        using var hanging = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        hanging.CancelAfter(Longest);
        while (!until(alarms) && !hanging.IsCancellationRequested)
        {
            await Task.Delay(500, Cancellation);
            try
            {
                var answer = await client.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/api/v2/alerts?active=true", Cancellation);
                alarms = [.. answer.EnumerateArray().Select(alarm => alarm.GetProperty("labels")).Select(labels => $"{labels.GetProperty("alertname").GetString()} {(labels.TryGetProperty("index", out var index) ? index.GetString() : "")}")];
            }
            catch (HttpRequestException)
            {
                // It is starting.
            }
        }

        return alarms;
    }

    /// <summary>Something else than DriftGuard gives every other point the vector of its neighbour.</summary>
    private static async Task ExchangeVectorsAsync(Engine engine)
    {
        var qdrant = engine.Installation.Qdrant;
        var collection = (await qdrant.AliasesAsync(Cancellation)).TargetOf(CheckedIndex.Index)!;
        var points = new List<global::Qdrant.Client.Grpc.RetrievedPoint>();
        await foreach (var page in qdrant.ScrollRangeAsync(collection, PointId.First, null, 1000, ReadShape.Everything, null, Cancellation))
        {
            points.AddRange(page.Points);
        }

        await qdrant.UpdateVectorsAsync(
            collection, [.. points.Chunk(2).Where(pair => pair.Length == 2).Select(pair => WireForms.NewPointVectors(WireForms.IdOf(pair[0]), WireForms.VectorOf(pair[1])!))], cancellationToken: Cancellation);
    }

    private static Task WriteAsync(string folder, string file, string text) => File.WriteAllTextAsync(Path.Join(folder, file), text, Cancellation);

    // What is waited for before an alarm is raised is for people's nerves, and not what is tested here.
    [GeneratedRegex("(?m)for: [0-9]+[mh]$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex For();

    /// <summary>A program that is ended with the test.</summary>
    private sealed class Running : IDisposable
    {
        private readonly Process _process;

        public Running(string program, string folder, params IReadOnlyList<string> arguments)
        {
            _process = Monitoring.Start(program, folder, arguments);
            _process.OutputDataReceived += (_, _) => { };
            _process.ErrorDataReceived += (_, _) => { };
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
