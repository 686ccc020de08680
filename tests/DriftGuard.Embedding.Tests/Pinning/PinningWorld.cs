using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Pinning.Lock;
using DriftGuard.Embedding.Tests.Pinning.Hub;

namespace DriftGuard.Embedding.Tests.Pinning;

/// <summary>A hub with one model, a catalogue that knows it, and machines that have a cache and a lock file each.</summary>
internal sealed class PinningWorld : IAsyncDisposable
{
    public const string Name = "static-hub";

    private PinningWorld(HubWorld hub) => Hub = hub;

    public HubWorld Hub { get; }

    public string LockFile => Path.Join(Hub.Folder, "models.lock.yaml");

    public string Cache(string machine = "a") => Path.Join(Hub.Folder, machine);

    public string FolderOf(string name, string machine = "a") => Path.Join(PinningOptions.ModelsOf(Cache(machine)), name);

    public string[] Blobs(string machine = "a") => [.. Directory.GetFiles(Path.Join(Cache(machine), "blobs", "sha256")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public static async Task<PinningWorld> StartAsync() => new(await HubWorld.StartAsync());

    public static string Entry(string name = Name, string revision = HubWorld.Commit, string? graphDigest = null) => $$"""
        card: https://cards.example/{{name}}
        licence: Apache-2.0
        hub:
          repository: {{HubWorld.Repository}}
          revision: {{revision}}
          files:
            graph: { path: {{HubWorld.Graph}}, sha256: {{graphDigest ?? TinyModel.Digest(HubWorld.GraphBytes)}} }
            vocabulary: { path: {{HubWorld.Vocabulary}} }
        spec:
          name: {{name}}
          provider: onnx
          model: {{HubWorld.Repository}}
          tokenizer: { kind: wordpiece }
          prefixes: { query: "query: " }
          max_tokens: 256
          dimensions: 128
        """;

    public ModelPinning Open(string machine = "a", long free = long.MaxValue / 2, string[]? roots = null, params string[] entries) => new(
        new() { CacheDirectory = Cache(machine), LockFile = LockFile, Hub = Hub.Hub.Address, OtherRoots = roots ?? [] }, Hub.Time, null,
        [.. (entries.Length > 0 ? entries : [Entry()]).Select(entry => CatalogueEntry.Parse(entry, "entry.yaml"))], Hub.Options(), _ => free);

    public async Task<PinnedModel> PullAsync(string machine = "a", PullRequest? request = null, string name = Name, params string[] entries)
    {
        using var pinning = Open(machine, entries: entries);
        return await pinning.PullAsync(name, request ?? new(), default);
    }

    public LockedModel? Locked(string name = Name) => ModelLock.Read(LockFile)?.Find(name);

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
