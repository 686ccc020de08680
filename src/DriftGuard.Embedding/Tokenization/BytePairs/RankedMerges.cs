namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>
/// Merges that follow from the vocabulary, as in tiktoken: two tokens become one if their bytes together are a token, that of least id
/// first, and a word that is a token needs no merges.
/// </summary>
internal sealed class RankedMerges : IByteMerges
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int[] _ofByte;

    /// <param name="ids">Tokens by their bytes, among them each single byte.</param>
    public RankedMerges(Dictionary<string, int> ids)
    {
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _ofByte = [.. Enumerable.Range(0, 256).Select(b => ids[((char)b).ToString()])];
    }

    public int WholeWord(ReadOnlySpan<char> bytes) => _ids.TryGetValue(bytes, out var id) ? id : -1;

    public int OfByte(char value) => _ofByte[value];

    public bool TryFind(int left, int right, ReadOnlySpan<char> bytes, out ByteMerge merge)
    {
        var isToken = _ids.TryGetValue(bytes, out var id);
        merge = new(id, id);
        return isToken;
    }
}
