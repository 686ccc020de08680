using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>Real texts with vectors: requests as queries against a corpus of other requests of the same intents, and what is foreign to them.</summary>
/// <param name="Usual">Requests of clinc150, 50 an intent, none of which is in the corpus.</param>
/// <param name="OutOfScope">Requests that no intent covers.</param>
/// <param name="German">German questions.</param>
internal sealed record DriftTexts(IReadOnlyList<ServedText> Usual, IReadOnlyList<ServedText> OutOfScope, IReadOnlyList<ServedText> German)
{
    private const int QueriesOfIntent = 50;
    private const int DocumentsOfIntent = 20;

    public static async Task<DriftTexts> EmbedAsync(string model)
    {
        using var opened = EmbeddingModel.Open(model);
        var intents = LabelledText.ClincDocuments().GroupBy(text => text.Intent, StringComparer.Ordinal).ToList();
        var documents = await VectorsAsync(opened, [.. intents.SelectMany(intent => intent.Take(DocumentsOfIntent))], InputKind.Document);
        return new(
            await ServedAsync([.. intents.SelectMany(intent => intent.Skip(DocumentsOfIntent).Take(QueriesOfIntent))]),
            await ServedAsync(LabelledText.ClincOutOfScope()),
            await ServedAsync([.. LabelledText.GermanQuestions().Take(300)]));

        async Task<IReadOnlyList<ServedText>> ServedAsync(IReadOnlyList<LabelledText> texts)
        {
            var vectors = await VectorsAsync(opened, texts, InputKind.Query);
            var scores = Traffic.BestScores(vectors, documents);
            return [.. texts.Select((text, i) => new ServedText(text, vectors[i], scores[i]))];
        }
    }

    private static async Task<float[][]> VectorsAsync(EmbeddingModel model, IReadOnlyList<LabelledText> texts, InputKind kind) =>
        [.. (await model.EmbedAsync([.. texts.Select(text => text.Text)], kind)).Select(outcome => outcome.Vector!)];
}
