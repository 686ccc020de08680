namespace DriftGuard.Embedding.Tokenization;

/// <summary>Ids of several texts, one after the other, in one array that grows.</summary>
internal sealed class TokenBuffer
{
    private int[] _ids = new int[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Slice(int start, int length) => _ids.AsSpan(start, length);

    public void Add(int id)
    {
        if (Count == _ids.Length)
            Array.Resize(ref _ids, 2 * _ids.Length);
        _ids[Count++] = id;
    }

    public void Add(ReadOnlySpan<int> ids)
    {
        while (Count + ids.Length > _ids.Length)
            Array.Resize(ref _ids, 2 * _ids.Length);
        ids.CopyTo(_ids.AsSpan(Count));
        Count += ids.Length;
    }

    /// <summary>Forgets all ids from a position on.</summary>
    public void CutAt(int count) => Count = count;
}
