using System.Globalization;
using DriftGuard.Embedding;
using DriftGuard.Testing.Processes;

namespace DriftGuard.Client.Tests;

/// <summary>An index of real sentences under a real model, served by the executable as it is: a worker, and a gateway beside it, which is what is asked.</summary>
internal sealed class ServedIndex : IDisposable
{
    public const string Name = "docs";
    public const string First = "static-wordpiece-128";
    public const string Second = "all-minilm-l6-v2-int8";

    private static readonly string[] Subjects = ["the river", "a bank", "the old theatre", "a chess club", "the night train", "a bakery", "the harbour", "a school"];
    private static readonly string[] Doings = ["opens late in winter", "was painted green", "lost its oldest member", "moved to another street", "is closed on Mondays", "asks for volunteers"];

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-client-").FullName;
    private DriftGuardProcess? worker;
    private DriftGuardProcess? gateway;

    /// <summary>The sentences, each the text of a document whose id is its number from 1.</summary>
    public static IReadOnlyList<string> Sentences { get; } = [.. Subjects.SelectMany(subject => Doings.Select(doing => $"{subject} {doing}"))];

    public HttpClient Http { get; } = new();

    public static async Task<ServedIndex> StartAsync()
    {
        var served = new ServedIndex();
        try
        {
            await served.PrepareAsync();
            served.worker = DriftGuardProcess.Start(served.folder, "serve");
            await AddressOfAsync(served.worker);
            served.gateway = DriftGuardProcess.Start(served.folder, "serve", "--role", "gateway");
            served.Http.BaseAddress = await AddressOfAsync(served.gateway);
            return served;
        }
        catch
        {
            served.Dispose();
            throw;
        }
    }

    /// <summary>The folder of a model that comes with DriftGuard.</summary>
    public static string FolderOf(string model) => ModelCatalog.Get(model, [Path.Join(AppContext.BaseDirectory, "models")]).Directory;

    /// <summary>Begins to change the model.</summary>
    public Task ChangeAsync() => RunAsync("rollout", "start", Name, "--to", Second, "--no-preflight", "--detach");

    public void Dispose()
    {
        gateway?.Dispose();
        worker?.Dispose();
        Http.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Uri> AddressOfAsync(DriftGuardProcess process)
    {
        const string Serving = "Serving on [";
        var said = await process.LineAsync(Serving) ?? throw new InvalidOperationException(process.SaidSoFar);
        return new(said[(said.IndexOf(Serving, StringComparison.Ordinal) + Serving.Length)..said.IndexOf("],", StringComparison.Ordinal)]);
    }

    private async Task PrepareAsync()
    {
        var set = Directory.CreateDirectory(Path.Join(folder, "sets", "judged")).FullName;
        var documents = Enumerable.Range(1, Sentences.Count).ToList();
        await File.WriteAllTextAsync(Path.Join(set, "set.yaml"), "name: judged\n");
        await File.WriteAllLinesAsync(Path.Join(set, "queries.jsonl"), documents.Select(d => string.Create(CultureInfo.InvariantCulture, $$"""{"id": "q{{d}}", "text": "{{Sentences[d - 1]}}?"}""")));
        await File.WriteAllLinesAsync(Path.Join(set, "qrels.tsv"), documents.Select(d => string.Create(CultureInfo.InvariantCulture, $"q{d}\t{d}\t1")).Prepend("query-id\tcorpus-id\tscore"));
        await File.WriteAllLinesAsync(Path.Join(folder, "corpus.jsonl"), documents.Select(d => string.Create(CultureInfo.InvariantCulture, $$"""{"id": "{{d}}", "text": "{{Sentences[d - 1]}}"}""")));
        await File.WriteAllTextAsync(Path.Join(folder, "driftguard.yaml"), """
            calibrationSets: { roots: [./sets] }
            http: { address: "http://127.0.0.1:0" }
            drift: { enabled: false }
            rollout: { approval: automatic, soak: 1s, gate: { rule: point, margin: 0.5 } }
            """);
        await RunAsync("index", "create", Name, "--model", First, "--calibration-set", "judged");
        await RunAsync("index", "load", Name, "corpus.jsonl");
    }

    private async Task RunAsync(params string[] arguments)
    {
        var (code, said, error) = await DriftGuardProcess.RunAsync(folder, arguments);
        code.ShouldBe(0, said + error);
    }
}
