using System.Globalization;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Embedded;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Tests.Rollouts.Cluster;
using DriftGuard.Worker.Writes;
using Google.Protobuf.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>An installation in a temporary folder: embedded Qdrant, state, the engine, a corpus under the model "old".</summary>
internal sealed partial class RolloutWorld : IAsyncDisposable
{
    public const string IndexName = "docs";
    public const string Set = "test-set";
    public const int Queries = 150;

    // After each of its own restarts a rollout waits so long for writes that may still arrive.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(15);

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-rollout-").FullName;
    private EmbeddedQdrant server = null!;
    private IHost host = null!;
    private int _peers = 1;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where the installation lies, and files of tests.</summary>
    public string Folder => folder;

    public HashEmbedder Old { get; } = new("old", 32);

    public HashEmbedder New { get; } = new("new", 48);

    public ShiftedTime Time { get; } = new();

    public QdrantStore Qdrant { get; private set; } = null!;

    public StateStore State { get; private set; } = null!;

    public RolloutService Rollouts => host.Services.GetRequiredService<RolloutService>();

    public RolloutRunner Runner => host.Services.GetRequiredService<RolloutRunner>();

    public RolloutAdjustments Adjustments => host.Services.GetRequiredService<RolloutAdjustments>();

    public IServiceProvider Services => host.Services;

    public static RolloutSettings Quick => new() { Soak = TimeSpan.Zero, Preflight = false, Partitions = 4, BatchSize = 64 };

    /// <summary>The id of a document in corpus and judgements.</summary>
    public Func<int, string> IdOf { get; private init; } = document => document.ToString(CultureInfo.InvariantCulture);

    /// <summary>The configuration.</summary>
    public DriftGuardOptions Options { get; private init; } = new();

    /// <summary>The peers that Qdrant is reached by; null where it is one node.</summary>
    public SimulatedPeers? Peers { get; private set; }

    public static async Task<RolloutWorld> WithCorpusAsync(int documents = 400, Func<int, string>? idOf = null, DriftGuardOptions? options = null, int peers = 1)
    {
        var world = new RolloutWorld { _peers = peers, IdOf = idOf ?? (document => document.ToString(CultureInfo.InvariantCulture)), Options = options ?? new() };
        await world.StartAsync();
        await world.LoadAsync(documents);
        return world;
    }

    public static async Task<RolloutWorld> WithoutIndexAsync()
    {
        var world = new RolloutWorld();
        await world.StartAsync();
        return world;
    }

    private async Task StartAsync()
    {
        await StartServerAsync(0);
        State = await OpenStateAsync();
        Peers = _peers > 1 ? await SimulatedPeers.StartAsync(server.Address, _peers) : null;
        Qdrant = new(new() { Address = Peers?.Address(0) ?? server.Address, RestAddress = Peers?.RestAddress, RetryAttempts = 1, ConnectTimeout = TimeSpan.FromSeconds(2), WriteTimeout = LongestWrite });
        await StartEngineAsync();
    }

    /// <summary>The state as another process opens it.</summary>
    public Task<StateStore> OpenStateAsync() => StateStore.OpenAsync(Path.Join(folder, "state.db"), Time, Cancellation);

    public static string TextOf(int document) =>
        string.Create(CultureInfo.InvariantCulture, $"word{document} term{document} theme{document % 20}");

    /// <summary>Measures the new model, as a rollout does before it copies: a model that then stands still does so in the copying.</summary>
    public Task MeasureNewAsync() => host.Services.GetRequiredService<Worker.Drift.Enrolment.ModelEnroller>().EnsureAsync(New, Cancellation);

    public Task StopHostAsync() => host.StopAsync(Cancellation);

    public async Task StopServerAsync() => await server.DisposeAsync();

    public Task StartServerAgainAsync() => StartServerAsync(server.Address.Port);

    public async Task<Rollout> StartAsync(RolloutSettings? settings = null, string to = "new") =>
        await Rollouts.StartAsync(await Rollouts.PlanAsync(IndexName, to, Set, settings ?? Quick, Cancellation), Set, Cancellation);

    /// <summary>Runs until the rollout ends, or <paramref name="until"/> holds.</summary>
    public async Task<Rollout> RunAsync(
        Rollout rollout, Func<RolloutDecision, bool>? until = null, Action<RolloutDecision>? onDecision = null, Action<Exception>? onFailure = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3)); // protection against hanging
        await Runner.RunAsync(rollout.Id, new()
        {
            OnDecision = onDecision,
            Until = until ?? (decision => decision.Phase.IsEnd()),
            OnFailure = (failure, _) => onFailure?.Invoke(failure),
            GiveUpAfter = 10,
        }, limit.Token);
        return await FindAsync(rollout);
    }

    /// <summary>Runs a new rollout until it soaks, which it does for long.</summary>
    public async Task<Rollout> RunToSoakAsync(RolloutSettings settings) => await RunAsync(
        await StartAsync(settings with { Soak = TimeSpan.FromHours(1) }), decision => decision is { Phase: RolloutPhase.Soaking, Action: RolloutAction.Wait });

    /// <summary>Runs a rollout to its end and lists the passes on the way.</summary>
    public async Task<(Rollout Rollout, IReadOnlyList<CatchUpPass> Passes)> RunWithPassesAsync(Rollout rollout)
    {
        var passes = new List<CatchUpPass>();
        var ended = await RunAsync(rollout, onDecision: decision =>
        {
            if (decision.Action == RolloutAction.RunCatchUpPass)
                passes.Add(FindAsync(rollout).GetAwaiter().GetResult().LastPass!);
        });
        return (ended, passes);
    }

    /// <summary>The report of the gate.</summary>
    public async Task<EvaluationReport> ReportAsync(Rollout rollout) =>
        (await host.Services.GetRequiredService<EvaluationService>().FindAsync(rollout.Gate!.EvaluationId, Cancellation))!;

    public async Task<Rollout> FindAsync(Rollout rollout) => (await State.FindRolloutAsync(rollout.Id, Cancellation))!;

    /// <summary>As if the corpus were so large that the latest pass took so long.</summary>
    public async Task LastPassTookAsync(Rollout rollout, TimeSpan duration)
    {
        var now = await FindAsync(rollout);
        await State.SaveRolloutAsync(now with { LastPass = now.LastPass! with { StartedAt = now.LastPass.FinishedAt - duration } }, finished: false, Cancellation);
    }

    public async Task AskAsync(Rollout rollout, RequestKind kind) => await Rollouts.RequestAsync(await FindAsync(rollout), kind, "test", Cancellation);

    public async Task<IReadOnlyDictionary<string, string>> AliasesAsync() => (await Qdrant.AliasesAsync(Cancellation)).Targets;

    public async Task<string> ServedByAsync() => (await AliasesAsync())[IndexName];

    /// <summary>An application writes through the index' alias, with its own vectors and without stamps.</summary>
    public Task UpsertAsync(int document, string text, HashEmbedder model)
    {
        return Qdrant.UpsertAsync(IndexName, [PointOf(document, text, model)], null, Cancellation);
    }

    /// <summary>The same by another name, such as the write alias.</summary>
    public Task UpsertAsync(string through, int document, string text, HashEmbedder model) =>
        Qdrant.UpsertAsync(through, [PointOf(document, text, model)], null, Cancellation);

    /// <summary>An application writes a document through DriftGuard, which embeds it; without a text it deletes it.</summary>
    public async Task WriteAsync(int document, string? text, HashEmbedder? by = null)
    {
        var index = await host.Services.GetRequiredService<IndexService>().ShowAsync(IndexName, Cancellation);
        var (model, writes) = (by ?? (index.Fingerprint == Old.Fingerprint.Id ? Old : New), host.Services.GetRequiredService<IndexWrites>());
        if (text is null)
        {
            await writes.DeleteAsync(index, [Id(document)], Cancellation);
            return;
        }

        var payload = new MapField<string, Value> { ["id"] = new() { IntegerValue = document }, ["text"] = new() { StringValue = text } };
        var batch = await host.Services.GetRequiredService<PointWriter>().EmbedAsync(model, "", [new(Id(document), payload, text)], 1, Cancellation);
        await writes.PutAsync(index, model, batch, Cancellation);
    }

    public Task DeleteAsync(string through, int document) => Qdrant.DeleteAsync(through, PointSelection.Of(Id(document)), Cancellation);

    private static PointStruct PointOf(int document, string text, HashEmbedder model)
    {
        var point = WireForms.NewPoint(Id(document), model.VectorOf(text));
        point.Payload.Add(new Dictionary<string, Value>(StringComparer.Ordinal) { ["id"] = new() { IntegerValue = document }, ["text"] = new() { StringValue = text } });
        return point;
    }

    public Task SetAsync(int document, string key, string value) => SetAsync(IndexName, document, key, value);

    /// <summary>The same by another name.</summary>
    public Task SetAsync(string through, int document, string key, string value) =>
        Qdrant.SetPayloadAsync(through, PointSelection.Of(Id(document)), new MapField<string, Value> { [key] = new() { StringValue = value } }, Cancellation);

    /// <summary>An application changes a vector and nothing else.</summary>
    public Task SetVectorAsync(string through, int document, float[] vector) =>
        Qdrant.UpdateVectorsAsync(through, [WireForms.NewPointVectors(Id(document), vector)], null, null, Cancellation);

    /// <summary>A collection as an application fills it: its own vectors, no stamps. Put under DriftGuard as the index "docs".</summary>
    public async Task AdoptAsync(int documents)
    {
        const string Collection = "by-hand";
        await Qdrant.CreateCollectionAsync(Collection, CollectionSchema.Of(Old.Spec.Dimensions, Distance.Cosine), Cancellation);
        foreach (var batch in Enumerable.Range(1, documents).Chunk(100))
        {
            await Qdrant.UpsertAsync(Collection, [.. batch.Select(d => PointOf(d, TextOf(d), Old))], null, Cancellation);
        }

        WriteSet(Set, Enumerable.Range(1, Queries), IdOf);
        await host.Services.GetRequiredService<IndexService>().AdoptAsync(IndexName, Collection, "old", "text", Set, Cancellation);
    }

    /// <summary>Declares where the texts of the index come from.</summary>
    public async Task SetSourceAsync(Func<IndexDefinition, IndexDefinition> change) =>
        await host.Services.GetRequiredService<IndexService>().SetSourceAsync(change((await State.FindIndexAsync(IndexName, Cancellation))!), Cancellation);

    public Task DeleteAsync(int document) => Qdrant.DeleteAsync(IndexName, PointSelection.Of(Id(document)), Cancellation);

    /// <summary>Every point of a collection: payload without the stamp, stamp, vector.</summary>
    public async Task<SortedDictionary<string, (string Payload, Stamp? Stamp, float[] Vector)>> ReadAsync(string collection)
    {
        var read = new SortedDictionary<string, (string, Stamp?, float[])>(StringComparer.Ordinal);
        await foreach (var page in Qdrant.ScrollRangeAsync(collection, PointId.First, null, 500, ReadShape.Everything, null, Cancellation))
        {
            foreach (var point in page.Points)
            {
                var stamp = StampPayload.Read(point.Payload);
                point.Payload.Remove(StampPayload.Key);
                var payload = string.Join(", ", point.Payload.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}: {PayloadJson.ToJson(p.Value)}"));
                read.Add(WireForms.IdOf(point).ToString(), (payload, stamp, WireForms.VectorOf(point)!));
            }
        }

        return read;
    }

    /// <summary>Green holds what blue holds, payload by payload, all stamped by a model.</summary>
    public async Task ShouldMirrorAsync(string target, string source, HashEmbedder model)
    {
        var (left, right) = (await ReadAsync(source), await ReadAsync(target));
        right.Keys.ShouldBe(left.Keys);
        right.Select(p => p.Value.Payload).ShouldBe(left.Select(p => p.Value.Payload));
        right.Values.Count(p => p.Stamp?.Fingerprint != model.Fingerprint.Id).ShouldBe(0, "every point is stamped with the model's fingerprint");
        right.Values.Count(p => p.Vector.Length != model.Spec.Dimensions).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Qdrant.Dispose();
        if (Peers is not null)
            await Peers.DisposeAsync();
        await server.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static PointId Id(int document) => PointId.FromNumber((ulong)document);

    private async Task StartServerAsync(int port) =>
        server = await EmbeddedQdrant.StartAsync(new() { DataDirectory = Path.Join(folder, "qdrant"), Port = port }, null, Cancellation);

    private async Task StartEngineAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { DisableDefaults = true });
        builder.Services
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(Qdrant)
            .AddSingleton(State)
            .AddSingleton(Options with { DataDirectory = folder })
            .AddSingleton(new ModelPool(name => name == Old.Spec.Name ? Old : New))
            .AddSingleton(new CalibrationSets([folder]))
            .AddSingleton(new RevisionSource(State.NextLeaseEpochAsync))
            .AddDriftGuardEngine();
        host = builder.Build();
        await host.StartAsync(Cancellation);
    }

    private async Task LoadAsync(int documents)
    {
        WriteSet(Set, Enumerable.Range(1, Queries), IdOf);
        var corpus = Path.Join(folder, "corpus.jsonl");
        await File.WriteAllLinesAsync(corpus, Enumerable.Range(1, documents).Select(d => $$"""{"id": "{{IdOf(d)}}", "text": "{{TextOf(d)}}"}"""), Cancellation);
        var index = await host.Services.GetRequiredService<IndexService>().CreateAsync(IndexName, "old", "text", Set, Cancellation);
        await host.Services.GetRequiredService<IndexLoader>().LoadAsync(index, new(corpus, "id", "text"), null, Cancellation);
    }

    /// <summary>People judge more documents relevant.</summary>
    public void AddJudgements(string name, IEnumerable<(int Query, int Document)> judgements) =>
        File.AppendAllLines(Path.Join(folder, name, "qrels.tsv"), judgements.Select(judged => $"q{judged.Query}\t{IdOf(judged.Document)}\t1"));

    /// <summary>Writes a calibration set: a query a document, each a group of its own.</summary>
    public void WriteSet(string name, IEnumerable<int> documents, Func<int, string> idOf, string? idField = null)
    {
        var set = Directory.CreateDirectory(Path.Join(folder, name)).FullName;
        var ids = documents.ToList();
        File.WriteAllText(Path.Join(set, "set.yaml"), $"name: {name}\n{(idField is null ? "" : $"id_field: {idField}\n")}");
        File.WriteAllLines(Path.Join(set, "queries.jsonl"), ids.Select(d => $$"""{"id": "q{{d}}", "text": "word{{d}} term{{d}}"}"""));
        File.WriteAllLines(Path.Join(set, "qrels.tsv"), ids.Select(d => $"q{d}\t{idOf(d)}\t1").Prepend("query-id\tcorpus-id\tscore"));
    }
}
