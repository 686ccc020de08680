namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>Merges that stand in a list, the earlier first, as in GPT-2 and RoBERTa.</summary>
internal sealed class ListedMerges : IByteMerges
{
    private readonly Dictionary<(int Left, int Right), ByteMerge> _merges;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? _wholeWords;
    private readonly int[] _ofByte;

    /// <param name="ofByte">The token of each byte.</param>
    /// <param name="merges">What pairs of tokens become.</param>
    /// <param name="wholeWords">Tokens by their bytes, where a word that is one needs no merges; else none.</param>
    public ListedMerges(int[] ofByte, Dictionary<(int Left, int Right), ByteMerge> merges, Dictionary<string, int>? wholeWords)
    {
        _ofByte = ofByte;
        _merges = merges;
        _wholeWords = wholeWords?.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public int WholeWord(ReadOnlySpan<char> bytes) => _wholeWords is { } words && words.TryGetValue(bytes, out var id) ? id : -1;

    public int OfByte(char value) => _ofByte[value];

    public bool TryFind(int left, int right, ReadOnlySpan<char> bytes, out ByteMerge merge) => _merges.TryGetValue((left, right), out merge);
}
