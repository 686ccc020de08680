using DriftGuard.Embedding.Pinning.Hub;
using DriftGuard.Testing;
using DriftGuard.Testing.Hub;

namespace DriftGuard.Embedding.Tests.Pinning.Hub;

/// <summary>A hub with the small shipped model in it, a folder for what comes, and a clock that does not wait.</summary>
internal sealed class HubWorld : IAsyncDisposable
{
    public const string Repository = "tests/static-wordpiece";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string Graph = "onnx/model.onnx";
    public const string Vocabulary = "vocab.txt";

    public static readonly byte[] GraphBytes = File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.Static), "model.onnx"));
    public static readonly byte[] VocabularyBytes = File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.Static), "vocab.txt"));

    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(33);

    private HubWorld(FakeHub hub) => Hub = hub;

    public FakeHub Hub { get; }

    public HurriedTime Time { get; } = new(Silence);

    public string Folder { get; } = Directory.CreateTempSubdirectory("driftguard-hub-").FullName;

    public string Part => Path.Join(Folder, "file.part");

    public IEnumerable<FakeHubCall> Bodies => Hub.Calls.Where(call => call.IsBodyOf(Graph));

    public static async Task<HubWorld> StartAsync()
    {
        var world = new HubWorld(await FakeHub.StartAsync());
        world.Hub.Add(Repository, Commit, Graph, GraphBytes, large: true);
        world.Hub.Add(Repository, Commit, Vocabulary, VocabularyBytes, large: false);
        return world;
    }

    public HubOptions Options(string? token = null) => new() { Address = Hub.Address, Token = token, Silence = Silence };

    public HubClient Client(string? token = null) => new(Options(token), Time);

    /// <summary>Answers the next calls for the bytes of the graph in another way.</summary>
    public void OnBody(Func<Microsoft.AspNetCore.Http.HttpContext, FakeHubFile?, Task> answer, int times = 1) => Hub.On(call => call.IsBodyOf(Graph), times, answer);

    public async Task<BlobNames> DownloadAsync(string path = Graph, string? token = null, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        using var client = Client(token);
        var file = await client.FileAsync(Repository, Commit, path, cancellation);
        return await client.DownloadAsync(file, Part, null, progress ?? (_ => { }), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
