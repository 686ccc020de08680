using System.Net;
using System.Net.Sockets;
using DriftGuard.Cli.Tests;
using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Fuzz.Tests.Http;

/// <summary>
/// A served installation that takes requests as raw as they come. Its index "docs" is small, and has had a rollout, a check and an evaluation.
/// What requests have done to it is undone after a number of them, so that they go on to meet something.
/// </summary>
internal sealed class FuzzedServer
{
    private const string Index = "docs";
    private const string Model = "static-wordpiece-128";
    private const string OtherModel = "other-model";
    private const string Set = "small-set";
    private const int Documents = 24;
    private const int RequestsOfOne = 250;

    private static readonly Lazy<(string Template, DriftGuardOptions Options)> Prepared = new(() => PrepareAsync().GetAwaiter().GetResult());

    private Serving? _serving;
    private int _requests;

    /// <summary>The routes of a served installation.</summary>
    public IReadOnlyList<RouteEndpoint> Routes => [.. ((IEndpointRouteBuilder)Current().Host).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>Sends a request, see <see cref="HttpText"/>, whose answer must be a foreseen one.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        var serving = Current();
        var answer = Send(serving.Address, HttpText.ToWire(input, serving.Address.Authority));
        Console.Error.WriteLine($"STAT {answer.Status}");
        answer.ShouldBeForeseen(isBodiless: input.StartsWith("HEAD "u8));
    }

    private static HttpAnswer Send(Uri address, byte[] request)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect(IPAddress.Loopback, address.Port);
        using var stream = client.GetStream();
        stream.Write(request);
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            // What goes on for as long as somebody listens is left after its beginning.
            for (int count; !IsOfEvents(read) && (count = stream.Read(buffer)) > 0;)
                read.Write(buffer, 0, count);
        }
        catch (IOException) when (read.Length > 0)
        {
            // A server that has answered may close on what it did not read.
        }

        return HttpAnswer.Parse(read.ToArray());
    }

    private static bool IsOfEvents(MemoryStream read) => read.GetBuffer().AsSpan(0, (int)read.Length) is var bytes && bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var end
        && bytes[..end].IndexOf("text/event-stream"u8) >= 0;

    private Serving Current()
    {
        if (_serving is null || ++_requests % RequestsOfOne == 0)
        {
            _serving?.Stop();
            _serving = Serving.Start();
        }

        return _serving;
    }

    private static async Task<(string Template, DriftGuardOptions Options)> PrepareAsync()
    {
        var folder = TemporaryFolder.Of("served");
        ModelCopy.Of(Path.Join(AppContext.BaseDirectory, "models", Model), Path.Join(folder, "models", OtherModel)).With("name", OtherModel).With("max_tokens", "128");
        WriteSet(Directory.CreateDirectory(Path.Join(folder, "sets", Set)).FullName);
        var options = new DriftGuardOptions
        {
            DataDirectory = Path.Join(folder, "template"),
            Models = new() { Roots = [Path.Join(folder, "models")], Sessions = 1, ThreadsPerSession = 1 },
            CalibrationSets = new() { Roots = [Path.Join(folder, "sets")] },
            Drift = new() { Enabled = false },
        };
        await using (var engine = await Engine.StartAsync(options, "fuzz test", TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            var index = await engine.Indexes.CreateAsync(Index, Model, "text", Set, default);
            await engine.Loader.LoadAsync(index, new(Path.Join(folder, "sets", Set, "corpus.jsonl"), "id", "text"), null, default);
            await engine.Drift.CheckAsync(Index, [], 300, 7, "fuzz test", null, default);
            await engine.Evaluations.ScoreAsync(Index, null, default);
            var plan = await engine.Rollouts.PlanAsync(Index, OtherModel, null, new() { Preflight = false, Partitions = 2 }, default);
            var rollout = await engine.Rollouts.StartAsync(plan, Set, default);
            await engine.Runner.RunAsync(rollout.Id, new() { Until = decision => decision.Phase.IsEnd() || decision.Phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval, GiveUpAfter = 3 }, default);
        }

        SqliteConnection.ClearAllPools();
        return (options.DataDirectory, options);
    }

    private static void WriteSet(string folder)
    {
        var numbers = Enumerable.Range(1, Documents).ToList();
        File.WriteAllText(Path.Join(folder, "set.yaml"), $"name: {Set}\nid_field: id\nslices: [lang]\n");
        File.WriteAllLines(Path.Join(folder, "corpus.jsonl"), numbers.Select(n => $$"""{"id": {{n}}, "text": "word{{n}} is about theme{{n % 5}}", "n": {{n}}, "lang": "en"}"""));
        File.WriteAllLines(Path.Join(folder, "queries.jsonl"), numbers.Select(n => $$"""{"id": "q{{n}}", "text": "what is word{{n}}", "lang": "{{(n % 2 == 0 ? "en" : "de")}}"}"""));
        File.WriteAllLines(Path.Join(folder, "qrels.tsv"), numbers.Select(n => $"q{n}\t{n}\t1").Prepend("query-id\tcorpus-id\tscore"));
    }

    /// <summary>An installation that is being served.</summary>
    private sealed record Serving(WebApplication Host, Uri Address, TaskCompletionSource Over, Task Served)
    {
        public static Serving Start()
        {
            var (template, options) = Prepared.Value;
            var data = TemporaryFolder.Of("data");
            foreach (var file in Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories))
            {
                var target = Path.Join(data, Path.GetRelativePath(template, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            var (started, over) = (new TaskCompletionSource<(WebApplication Host, Uri Address)>(), new TaskCompletionSource());
            var served = Task.Run(() => ServedInstallation.RunAsync(
                data,
                listening => options with { DataDirectory = data, Http = listening.Http, Log = listening.Log },
                (host, client, _) =>
                {
                    started.SetResult((host, client.BaseAddress!));
                    return over.Task;
                },
                CancellationToken.None));
            Task.WaitAny(started.Task, served);
            var (host, address) = started.Task.IsCompleted ? started.Task.Result : throw new FindingException("it cannot be served", served.Exception);
            return new(host, address, over, served);
        }

        public void Stop()
        {
            Over.SetResult();
            Served.GetAwaiter().GetResult();
        }
    }
}
