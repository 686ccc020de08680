using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// Whether a graph is what a spec says: by what it declares, and by a first run of a long text, since limit and vocabulary fit a graph only
/// if its tables are as large.
/// </summary>
internal static class GraphCheck
{
    /// <summary>
    /// Tokens of the first run at most. Attention takes memory with their square: a graph for 8,192 would take gigabytes at every
    /// start, and a table that is too short for longer texts shows at the first of them, as that text's failure.
    /// </summary>
    private const int LongestFirstRun = 1024;

    /// <summary>Everything in which the graph is not what the spec says, as sentences.</summary>
    public static IReadOnlyList<string> Violations(OnnxSession session, ModelSpec spec, ITextTokenizer tokenizer)
    {
        var violations = GraphContract.Violations(session.Inner, spec).ToList();
        if (violations.Count > 0)
            return violations;
        try
        {
            RunLongText(session, spec, tokenizer);
            return [];
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            return
            [
                $"fails on a text of {(spec.MaxTokens <= LongestFirstRun ? "max_tokens" : "the first of max_tokens")} ({Math.Min(spec.MaxTokens, LongestFirstRun)}) tokens of the vocabulary's last id "
                    + $"({tokenizer.VocabularySize - 1}): {e.Message}",
            ];
        }
    }

    private static void RunLongText(OnnxSession session, ModelSpec spec, ITextTokenizer tokenizer)
    {
        var tokens = Math.Min(spec.MaxTokens, LongestFirstRun);
        session.Ids(1, tokens).Fill(tokenizer.VocabularySize - 1);
        session.Mask(1, tokens).Fill(1);
        session.Run(GraphOutput.Of(spec), 1, tokens, spec, static (_, dimensions, spec) =>
        {
            if (dimensions != GraphContract.NativeDimensions(spec))
                throw new InvalidDataException(GraphContract.WrongDimensions(spec, dimensions));
        });
    }
}
