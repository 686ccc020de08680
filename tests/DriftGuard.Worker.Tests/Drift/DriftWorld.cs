using System.Text.Json;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Tests.Models;
using DriftGuard.Worker.Tests.Rollouts;
using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging.Abstractions;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Worker.Tests.Drift;

/// <summary>
/// A whole installation on real models and real texts, in a folder of its own: embedded Qdrant, state, an index "docs" under the model "mini",
/// a calibration set. What takes time is done once for all tests; each gets a copy of the folder and damages that.
/// </summary>
internal sealed class DriftWorld : IAsyncDisposable
{
    public const string Index = "docs";
    public const string Model = "mini";
    public const string TextField = "text";

    private static readonly string Shipped = Path.Join(AppContext.BaseDirectory, "models", "all-minilm-l6-v2-int8");
    private static readonly Dictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal)
    {
        [Intents] = new(() => PrepareAsync(Intents)),
        [Paragraphs] = new(() => PrepareAsync(Paragraphs)),
        [FloatIntents] = new(() => PrepareAsync(FloatIntents)),
    };

    private readonly string folder;

    private DriftWorld(string folder) => this.folder = folder;

    /// <summary>600 short questions of clinc150 in 60 intents, under MiniLM int8; their calibration set.</summary>
    public const string Intents = "intents";

    /// <summary>240 paragraphs of xquad, most of them longer than 64 tokens, under MiniLM int8.</summary>
    public const string Paragraphs = "paragraphs";

    /// <summary>The same as <see cref="Intents"/> under the 32-bit twin of MiniLM.</summary>
    public const string FloatIntents = "float-intents";

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string? E5 => Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR") is { Length: > 0 } directory ? directory : null;

    public ShiftedTime Time { get; } = new();

    public Engine Engine { get; private set; } = null!;

    public QdrantStore Qdrant => Engine.Installation.Qdrant;

    /// <summary>The installation's folder.</summary>
    public string Folder => folder;

    /// <summary>The folder that models are in.</summary>
    public string Models => Path.Join(folder, "models");

    public static async Task<DriftWorld> StartAsync(string kind = Intents)
    {
        var template = await Templates[kind].Value;
        var world = new DriftWorld(Directory.CreateTempSubdirectory("driftguard-drift-").FullName);
        Copy(template, world.folder);
        await world.OpenAsync();
        return world;
    }

    /// <summary>An installation without an index.</summary>
    public static async Task<DriftWorld> EmptyAsync()
    {
        var world = new DriftWorld(Directory.CreateTempSubdirectory("driftguard-drift-").FullName);
        ModelCopy.Of(Shipped, Path.Join(world.Models, Model)).With("name", Model);
        await world.OpenAsync();
        return world;
    }

    /// <summary>The model's folder, to be edited.</summary>
    public ModelCopy ModelFolder(string name = Model) => ModelCopy.In(Path.Join(Models, name));

    /// <summary>Another model beside it: a copy that is edited by the caller.</summary>
    public ModelCopy AddModel(string name) => ModelCopy.Of(Shipped, Path.Join(Models, name)).With("name", name);

    /// <summary>e5-small-v2 beside it; the caller has looked whether it is there.</summary>
    public ModelCopy AddE5(string name = "e5") => ModelCopy.OfE5(E5!, Path.Join(Models, name)).With("name", name);

    /// <summary>Opens a model of the installation, as an application would.</summary>
    public EmbeddingModel Open(string name) => EmbeddingModel.Open(Path.Join(Models, name), new() { Sessions = 1 });

    /// <summary>The next process: what it opens is what lies on the disk now.</summary>
    public async Task RestartAsync()
    {
        await Engine.DisposeAsync();
        await OpenAsync();
    }

    public Task<DriftReport> CheckAsync(params Detector[] detectors) =>
        Engine.Drift.CheckAsync(Index, detectors, 300, 7, DriftService.Requested, null, Cancellation);

    /// <summary>The collection that serves.</summary>
    public async Task<string> CollectionAsync() => (await Qdrant.AliasesAsync(Cancellation)).TargetOf(Index)!;

    /// <summary>All points in id order, with payload and vector.</summary>
    public async Task<IReadOnlyList<RetrievedPoint>> PointsAsync(string? collection = null)
    {
        var points = new List<RetrievedPoint>();
        await foreach (var page in Qdrant.ScrollRangeAsync(collection ?? Index, PointId.First, null, 1000, ReadShape.Everything, null, Cancellation))
        {
            points.AddRange(page.Points);
        }

        return points;
    }

    public static string TextOf(RetrievedPoint point) => point.Payload[TextField].StringValue;

    /// <summary>An application puts other vectors in the place of those that are there, and leaves the payload.</summary>
    public async Task ReplaceVectorsAsync(IReadOnlyList<RetrievedPoint> points, IReadOnlyList<float[]> vectors) =>
        await Qdrant.UpdateVectorsAsync(await CollectionAsync(), [.. points.Select((point, i) => WireForms.NewPointVectors(WireForms.IdOf(point), vectors[i]))], cancellationToken: Cancellation);

    /// <summary>An application writes a vector that nobody looked at: Qdrant takes it.</summary>
    public async Task ReplaceUncheckedAsync(IReadOnlyList<RetrievedPoint> points, float[] vector, string? collection = null)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(Engine.Endpoint.Client.Address);
        var request = new UpdatePointVectors { CollectionName = collection ?? await CollectionAsync(), Wait = true };
        request.Points.AddRange(points.Select(point => WireForms.NewPointVectors(WireForms.IdOf(point), vector)));
        await new global::Qdrant.Client.Grpc.Points.PointsClient(channel).UpdateVectorsAsync(request, cancellationToken: Cancellation);
    }

    /// <summary>An application re-embeds points with a model of its own.</summary>
    public async Task ReembedAsync(IReadOnlyList<RetrievedPoint> points, EmbeddingModel model) => await ReplaceVectorsAsync(points, await VectorsAsync(model, [.. points.Select(TextOf)]));

    public static async Task<IReadOnlyList<float[]>> VectorsAsync(EmbeddingModel model, IReadOnlyList<string> texts, InputKind kind = InputKind.Document) =>
        [.. (await new RememberingEmbedder(new OpenedModel(model)).EmbedAsync(texts, kind, Cancellation)).Select(outcome => outcome.Vector!)];

    public Task SetPayloadAsync(RetrievedPoint point, string key, string value) =>
        Qdrant.SetPayloadAsync(Index, PointSelection.Of(WireForms.IdOf(point)), new MapField<string, Value> { [key] = new() { StringValue = value } }, Cancellation);

    /// <summary>A collection as an application fills it, without stamps, put under DriftGuard as the index "docs" under "mini".</summary>
    public async Task AdoptAsync(IReadOnlyList<string> texts, IReadOnlyList<float[]> vectors, Func<int, IReadOnlyDictionary<string, string>>? payload = null)
    {
        const string Collection = "by-hand";
        await Qdrant.CreateCollectionAsync(Collection, CollectionSchema.Of(vectors[0].Length, Distance.Cosine), Cancellation);
        foreach (var batch in Enumerable.Range(0, texts.Count).Chunk(100))
        {
            await Qdrant.UpsertAsync(Collection, [.. batch.Select(i => PointOf(i + 1, texts[i], vectors[i], payload?.Invoke(i)))], null, Cancellation);
        }

        await Engine.Indexes.AdoptAsync(Index, Collection, Model, TextField, null, Cancellation);
    }

    public static PointStruct PointOf(int number, string text, float[] vector, IReadOnlyDictionary<string, string>? payload = null)
    {
        var point = WireForms.NewPoint(PointId.FromNumber((ulong)number), vector);
        point.Payload[TextField] = new() { StringValue = text };
        foreach (var (key, value) in payload ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            point.Payload[key] = new() { StringValue = value };
        }

        return point;
    }

    /// <summary>Writes a log of queries and imports it.</summary>
    public async Task<Worker.Drift.Queries.QueryImport> ImportAsync(IEnumerable<object> lines)
    {
        var path = Path.Join(folder, $"log-{Guid.NewGuid():N}.jsonl");
        await File.WriteAllLinesAsync(path, lines.Select(line => JsonSerializer.Serialize(line)), Cancellation);
        return await Engine.Drift.ImportQueriesAsync(Index, path, null, Cancellation);
    }

    /// <summary>Loads documents into the index, as an application does through DriftGuard.</summary>
    public async Task LoadAsync(IEnumerable<(string Id, string Text)> documents)
    {
        var path = Path.Join(folder, $"corpus-{Guid.NewGuid():N}.jsonl");
        await File.WriteAllLinesAsync(path, documents.Select(d => JsonSerializer.Serialize(new { id = d.Id, text = d.Text })), Cancellation);
        await Engine.Loader.LoadAsync(await Engine.Indexes.ShowAsync(Index, Cancellation), new(path, "id", TextField), null, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OpenAsync()
    {
        var options = new DriftGuardOptions
        {
            DataDirectory = Path.Join(folder, "data"),
            Models = new() { Roots = [Models], Sessions = 1, ThreadsPerSession = 1 },
            CalibrationSets = new() { Roots = [Path.Join(folder, "sets")] },
            Drift = Options,
        };
        Engine = await Engine.StartAsync(options, "drift test", Time, NullLoggerFactory.Instance, Cancellation);
        Engine.Installation.Models.Lend = model => new RememberingEmbedder(model);
    }

    /// <summary>How checks are configured from the next start on.</summary>
    public DriftOptions Options { get; set; } = new() { StoreQueryText = false };

    private static async Task<string> PrepareAsync(string kind)
    {
        await using var world = new DriftWorld(Directory.CreateTempSubdirectory("driftguard-drift-template-").FullName);
        var model = ModelCopy.Of(Shipped, Path.Join(world.Models, Model)).With("name", Model);
        if (kind == FloatIntents)
        {
            model.WithGraph(FloatTwin.Write);
        }

        var documents = kind == Paragraphs ? [.. Texts.Paragraphs("en")] : Texts.Intents(0, 60, 10);
        var set = kind == Paragraphs ? null : Texts.WriteSet(Path.Join(world.folder, "sets", "intents"), documents);
        await world.OpenAsync();
        await world.Engine.Indexes.CreateAsync(Index, Model, TextField, set, Cancellation);
        await world.LoadAsync(documents.Select(d => (d.Id, d.Text)));
        (await world.CheckAsync()).Verdict.ShouldBe(DriftVerdict.None);
        await world.Engine.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var template = Directory.CreateTempSubdirectory("driftguard-drift-prepared-").FullName;
        Copy(world.folder, template);
        world.Engine = null!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(template, recursive: true);
        return template;
    }

    private static void Copy(string from, string to)
    {
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Join(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Join(to, Path.GetRelativePath(from, file)));
        }
    }
}
