using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.Unigram;

/// <summary>
/// Splits text into the pieces of greatest probability under a unigram language model (Kudo 2018), by dynamic programming over the
/// places between code points (Viterbi). Thread-safe.
/// </summary>
/// <remarks>
/// <see cref="Microsoft.ML.Tokenizers.SentencePieceTokenizer"/> (2.0.1) has SentencePiece's own normaliser, keeps unknown code points in
/// a row apart, and sums scores in single precision, which decides otherwise between equally probable ways: 67 of 480 reference cases
/// differ, and of 3,696 runs of one or two letters 61. The reference sums in double precision from left to right, and so does this.
/// </remarks>
internal sealed class UnigramPieces
{
    /// <summary>How much less probable an unknown code point is than the least probable piece.</summary>
    private const double UnknownPenalty = 10;

    private const int ShortText = 64;

    private readonly UnigramVocabulary _vocabulary;
    private readonly PieceTrie _trie;
    private readonly double _unknownScore;
    private readonly int[]? _byteIds;

    public UnigramPieces(UnigramVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _trie = new(vocabulary.Pieces);
        _unknownScore = vocabulary.Scores.Min() - UnknownPenalty;
        if (vocabulary.FallsBackToBytes)
            _byteIds = [.. Enumerable.Range(0, 256).Select(b => Find(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>")))];
    }

    /// <summary>Adds the ids of a text.</summary>
    public void Append(ReadOnlySpan<char> text, TokenBuffer ids)
    {
        var best = text.Length < ShortText ? stackalloc Step[text.Length + 1] : new Step[text.Length + 1];
        FindBest(text, best);

        // From the end to the start; the steps taken are then linked the other way round.
        var next = -1;
        for (var end = text.Length; ;)
        {
            var start = best[end].Start;
            best[end].Next = next;
            next = end;
            if (end == 0)
                break;
            end = start;
        }

        for (int start = 0, end = best[0].Next; end >= 0;)
        {
            // Unknown code points in a row are one token.
            if (best[end].Id == _vocabulary.Unknown)
            {
                while (best[end].Next is var after and >= 0 && best[after].Id == _vocabulary.Unknown)
                    end = after;
                AppendUnknown(text[start..end], ids);
            }
            else
            {
                ids.Add(best[end].Id);
            }

            start = end;
            end = best[end].Next;
        }
    }

    private void FindBest(ReadOnlySpan<char> text, Span<Step> best)
    {
        best.Fill(new() { Start = -1, Id = -1, Next = -1 });
        for (var start = 0; start < text.Length;)
        {
            Rune.DecodeFromUtf16(text[start..], out _, out var runeLength);
            var isKnown = false;
            var node = PieceTrie.Root;
            for (var end = start; end < text.Length && _trie.TryStep(ref node, text[end]);)
            {
                end++;
                if (_trie.IdAt(node) is var id and >= 0)
                {
                    Offer(best, start, end, id, _vocabulary.Scores[id]);
                    isKnown |= end - start == runeLength;
                }
            }

            if (!isKnown)
                Offer(best, start, start + runeLength, _vocabulary.Unknown, _unknownScore);
            start += runeLength;
        }
    }

    private static void Offer(Span<Step> best, int start, int end, int id, double score)
    {
        ref var step = ref best[end];
        var total = score + best[start].Score;
        if (step.Start >= 0 && total <= step.Score)
            return;
        step.Score = total;
        step.Start = start;
        step.Id = id;
    }

    private void AppendUnknown(ReadOnlySpan<char> text, TokenBuffer ids)
    {
        // As the reference does: what is unknown code point by code point may be a piece as a whole.
        if (Find(text) is var id and >= 0)
        {
            ids.Add(id);
            return;
        }

        if (_byteIds is not null)
        {
            var bytes = Encoding.UTF8.GetBytes(text.ToArray());
            if (Array.TrueForAll(bytes, b => _byteIds[b] >= 0))
            {
                Array.ForEach(bytes, b => ids.Add(_byteIds[b]));
                return;
            }
        }

        ids.Add(_vocabulary.Unknown);
    }

    private int Find(ReadOnlySpan<char> piece)
    {
        var node = PieceTrie.Root;
        foreach (var letter in piece)
        {
            if (!_trie.TryStep(ref node, letter))
                return -1;
        }

        return _trie.IdAt(node);
    }

    /// <summary>The best way to a place in the text.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Step(double Score, int Start, int Id, int Next);
}
