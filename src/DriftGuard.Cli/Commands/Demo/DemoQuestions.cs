using DriftGuard.Core.Calibration;
using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Demo;

/// <summary>What an index answers to one question.</summary>
/// <param name="Question">The question.</param>
/// <param name="Rank">Rank of the right paragraph; null if it is not among the first ten.</param>
/// <param name="Best">The beginning of the paragraph found first.</param>
internal sealed record DemoAnswer(string Question, int? Rank, string Best);

/// <summary>Asks an index the same questions under whatever model serves it.</summary>
internal static class DemoQuestions
{
    private const int Depth = 10;
    private const int Shown = 70;

    public static async Task<IReadOnlyList<DemoAnswer>> AskAsync(
        QdrantStore qdrant, string collection, ITextEmbedder model, CalibrationSet set, IReadOnlyList<CalibrationQuery> questions, CancellationToken cancellation)
    {
        var outcomes = await model.EmbedAsync([.. questions.Select(q => q.Text)], InputKind.Query, cancellation);
        var answers = new List<DemoAnswer>();
        for (var i = 0; i < questions.Count; i++)
        {
            var hits = await qdrant.SearchAsync(collection, new(outcomes[i].Vector) { Limit = Depth, Payload = PayloadSelection.All }, cancellation);
            var ids = hits.Select(h => PayloadText.Of(h.Payload, set.Header.IdField ?? "id")).ToList();
            var rank = ids.FindIndex(id => id is not null && set.Qrels[questions[i].Id].GetValueOrDefault(id) >= 1);
            var text = hits.Count == 0 ? "" : PayloadText.Of(hits[0].Payload, set.Header.TextField) ?? "";
            answers.Add(new(questions[i].Text, rank < 0 ? null : rank + 1, text.Length > Shown ? text[..Shown].ReplaceLineEndings(" ") + "…" : text));
        }

        return answers;
    }
}
