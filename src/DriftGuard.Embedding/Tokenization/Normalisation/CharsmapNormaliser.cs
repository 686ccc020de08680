using System.Collections;
using System.Globalization;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>
/// Applies a <see cref="Charsmap"/> as Hugging Face's tokenizers do: to grapheme clusters of fewer than six bytes as a whole, else to
/// each of their code points. SentencePiece itself takes the longest rule wherever it stands, which differs on combining marks.
/// </summary>
internal sealed class CharsmapNormaliser : ITextNormaliser
{
    /// <summary>Longer clusters are looked up by code point.</summary>
    private const int LongestCluster = 5;

    private readonly Charsmap _rules;
    private readonly BitArray _kept = new(char.MaxValue + 1);
    private readonly bool _keepsSpaces;

    public CharsmapNormaliser(Charsmap rules)
    {
        _rules = rules;
        for (var c = 0; c <= char.MaxValue; c++)
            _kept[c] = Graphemes.AreApartAt((char)c) && Replacement([(char)c]) is null;
        _keepsSpaces = _kept[' '];
    }

    public bool Keeps(char c) => _keepsSpaces && _kept[c];

    public string Normalise(string text)
    {
        StringBuilder? normalised = null;
        var copied = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && _kept[text[end]])
                end++;
            if (end == text.Length)
                break;

            // What comes next may be one cluster with the last character that is kept elsewhere.
            at = end > at ? end - 1 : at;
            var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
            var cluster = text.AsSpan(at, length);
            if (Replacement(cluster) is { } whole)
            {
                (normalised ??= new(text.Length)).Append(text, copied, at - copied).Append(whole);
                copied = at + length;
            }
            else if (length > 1)
            {
                ReplaceRunes(text, at, length, ref normalised, ref copied);
            }

            at += length;
        }

        return normalised is null ? text : normalised.Append(text, copied, text.Length - copied).ToString();
    }

    private void ReplaceRunes(string text, int start, int length, ref StringBuilder? normalised, ref int copied)
    {
        for (var at = start; at < start + length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out _, out var runeLength);
            if (Replacement(text.AsSpan(at, runeLength)) is { } replacement)
            {
                (normalised ??= new(text.Length)).Append(text, copied, at - copied).Append(replacement);
                copied = at + runeLength;
            }

            at += runeLength;
        }
    }

    private string? Replacement(ReadOnlySpan<char> cluster)
    {
        Span<byte> bytes = stackalloc byte[LongestCluster];
        return Encoding.UTF8.TryGetBytes(cluster, bytes, out var count) ? _rules.Replacement(bytes[..count]) : null;
    }
}
