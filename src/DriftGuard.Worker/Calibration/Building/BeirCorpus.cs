using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Building;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>The documents of a BEIR folder. Read as a stream: the largest of them have millions.</summary>
internal static class BeirCorpus
{
    /// <summary>
    /// Leaves out judgements of documents that the folder does not have, and copies the documents where they are wanted.
    /// </summary>
    /// <param name="folder">The BEIR folder.</param>
    /// <param name="draft">What its queries and judgements gave.</param>
    /// <param name="target">Where the documents go; null to look for the judged ones only.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The draft, and how many documents were copied.</returns>
    /// <exception cref="OperatorException">The file is wrong, or is not there and wanted.</exception>
    public static async Task<(CalibrationSetDraft Draft, int Copied)> ApplyAsync(string folder, CalibrationSetDraft draft, string? target, CancellationToken cancellation)
    {
        if (SourceFile.Find(folder, CalibrationSetFiles.Corpus) is not { } file)
        {
            return target is null ? (draft, 0) : throw new OperatorException(OperatorError.NotFound, $"{folder} has no corpus.jsonl (or corpus.jsonl.gz), and --with-corpus asks for it");
        }

        var judged = draft.Judgements.Select(judgement => judgement.DocumentId).ToHashSet(StringComparer.Ordinal);
        var (seen, ids, problems, copied, titles) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new List<CalibrationProblem>(), 0, 0);
        await using var writer = target is null ? null : new StreamWriter(target, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        await foreach (var (number, line) in SourceFile.LinesAsync(file, cancellation))
        {
            if (BeirImport.Document(Path.GetFileName(file), number, line, out var problem) is not { } document)
            {
                problems.Add(problem!);
                continue;
            }

            if (judged.Contains(document.Id))
            {
                seen.Add(document.Id);
            }

            if (writer is null)
            {
                continue;
            }

            if (!ids.Add(document.Id))
            {
                problems.Add(new(CalibrationProblemSeverity.Error, Path.GetFileName(file), number, $"id '{document.Id}' is there already; ids are unique."));
                continue;
            }

            titles += document.Payload.TryGetValue("title", out var title) && title.ValueKind == System.Text.Json.JsonValueKind.String && title.GetString() is { Length: > 0 } ? 1 : 0;
            await writer.WriteLineAsync(CalibrationLines.Document(document).AsMemory(), cancellation);
            copied++;
        }

        if (SourceReader.Refusal(file, problems) is { } refusal)
        {
            throw refusal;
        }

        return (Without(draft, seen, titles), copied);
    }

    private static CalibrationSetDraft Without(CalibrationSetDraft draft, HashSet<string> seen, int titles)
    {
        var gone = draft.Judgements.Where(judgement => !seen.Contains(judgement.DocumentId)).ToList();
        return draft with
        {
            Judgements = [.. draft.Judgements.Where(judgement => seen.Contains(judgement.DocumentId))],
            Dropped = gone.Count == 0 ? draft.Dropped : [.. draft.Dropped, new("judgements of documents that are not in the corpus", gone.Count, [.. gone.Take(5).Select(judgement => judgement.DocumentId)])],
            Notes = titles == 0 ? draft.Notes : [.. draft.Notes, $"{titles} documents have a title, which becomes payload; only the text is embedded"],
        };
    }
}
