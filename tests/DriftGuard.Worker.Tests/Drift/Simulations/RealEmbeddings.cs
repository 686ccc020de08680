using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Testing.Drift;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Tests.Models;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>What the simulations draw from: real texts by a shipped model, each embedded once for all of them.</summary>
internal static class RealEmbeddings
{
    /// <summary>In how many compositions of batches <see cref="BatchedAsync"/> was embedded.</summary>
    public const int Compositions = 30;

    /// <summary>Probes at the start of <see cref="BatchedAsync"/>.</summary>
    public const int Probes = 64;

    private const int QueriesOfIntent = 40;
    private const int DocumentsOfIntent = 20;

    private static readonly Lazy<Task<Served>> Requests = new(EmbedRequestsAsync);
    private static readonly Lazy<Task<IReadOnlyList<float[][]>>> Batches = new(EmbedBatchesAsync);

    /// <summary>Texts of <see cref="BatchedAsync"/>: as many probes as there are, long, short and with other letters, then short documents and some long ones.</summary>
    public static IReadOnlyList<string> BatchedTexts { get; } = [.. ProbeTexts().Concat(DocumentTexts())];

    /// <summary>Requests, 40 an intent, scored against other requests of the same intents; vectors that do not depend on batches.</summary>
    public static Task<Served> RequestsAsync() => Requests.Value;

    /// <summary>For each composition of batches a vector of each text.</summary>
    public static Task<IReadOnlyList<float[][]>> BatchedAsync() => Batches.Value;

    private static async Task<Served> EmbedRequestsAsync()
    {
        using var model = EmbeddingModel.Open(ModelFolder());
        var intents = LabelledText.ClincDocuments().GroupBy(text => text.Intent, StringComparer.Ordinal).ToList();
        List<LabelledText> documents = [.. intents.SelectMany(intent => intent.Take(DocumentsOfIntent))];
        var corpus = await VectorsAsync(model, [.. documents.Select(text => text.Text)], InputKind.Document);
        return new(
            await ServedAsync([.. intents.SelectMany(intent => intent.Skip(DocumentsOfIntent).Take(QueriesOfIntent))]),
            await ServedAsync(LabelledText.ClincOutOfScope()),
            [.. documents.Select((text, i) => new ServedText(text, corpus[i], 1))]);

        async Task<IReadOnlyList<ServedText>> ServedAsync(IReadOnlyList<LabelledText> texts)
        {
            var vectors = await VectorsAsync(model, [.. texts.Select(text => text.Text)], InputKind.Query);
            var scores = Traffic.BestScores(vectors, corpus);
            return [.. texts.Select((text, i) => new ServedText(text, vectors[i], scores[i]))];
        }
    }

    private static async Task<IReadOnlyList<float[][]>> EmbedBatchesAsync()
    {
        var folder = Directory.CreateTempSubdirectory("driftguard-batched-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(ModelFolder()))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            var settings = Path.Combine(folder.FullName, "model.yaml");
            await File.WriteAllTextAsync(settings, (await File.ReadAllTextAsync(settings)).Replace("batching: single", "batching: batched", StringComparison.Ordinal));
            var all = new List<float[][]>();
            foreach (var tokens in new[] { 128, 512, 1024 })
            {
                using var model = EmbeddingModel.Open(folder.FullName, new() { TokensPerRun = tokens });
                for (var composition = 0; composition < Compositions / 3; composition++)
                {
                    var order = Enumerable.Range(0, BatchedTexts.Count).ToArray();
                    new Random((100 * tokens) + composition).Shuffle(order);
                    var shuffled = await VectorsAsync(model, [.. order.Select(position => BatchedTexts[position])], InputKind.Document);
                    var vectors = new float[order.Length][];
                    for (var i = 0; i < order.Length; i++)
                        vectors[order[i]] = shuffled[i];
                    all.Add(vectors);
                }
            }

            return all;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> ProbeTexts()
    {
        var paragraphs = LabelledText.EnglishParagraphs().OrderByDescending(text => text.Text.Length).ToList();
        return [
            .. paragraphs.Take(8).Select(text => text.Text),
            .. LabelledText.GermanQuestions().Take(8).Select(text => text.Text),
            "Привет, как дела?", "今日は天気がいいですね", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "안녕하세요", "γειά σου κόσμε", "สวัสดีชาวโลก",
            .. LabelledText.ClincQueries().Where((_, i) => i % 37 == 0).Take(Probes - 24).Select(text => text.Text),
        ];
    }

    private static IEnumerable<string> DocumentTexts() =>
        [.. LabelledText.ClincDocuments().Where((_, i) => i % 26 == 0).Take(560).Select(text => text.Text), .. LabelledText.EnglishParagraphs().Take(40).Select(text => text.Text)];

    private static async Task<float[][]> VectorsAsync(EmbeddingModel model, IReadOnlyList<string> texts, InputKind kind) =>
        [.. (await new RememberingEmbedder(new OpenedModel(model)).EmbedAsync(texts, kind, TestContext.Current.CancellationToken)).Select(outcome => outcome.Vector!)];

    private static string ModelFolder() => Path.Combine(AppContext.BaseDirectory, "models", "all-minilm-l6-v2-int8");

    /// <summary>Texts that were embedded.</summary>
    /// <param name="Usual">Requests within the intents.</param>
    /// <param name="OutOfScope">Requests outside of all of them.</param>
    /// <param name="Documents">What they are searched in.</param>
    internal sealed record Served(IReadOnlyList<ServedText> Usual, IReadOnlyList<ServedText> OutOfScope, IReadOnlyList<ServedText> Documents);
}
