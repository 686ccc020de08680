namespace DriftGuard.Core.Retrieval;

/// <summary>The nearest <c>capacity</c> pairs seen so far.</summary>
internal sealed class NearestPairs(int capacity)
{
    private readonly PriorityQueue<ClosePair, ClosePair> _farthestFirst = new(Comparer<ClosePair>.Create((a, b) => Order.Compare(b, a)));

    /// <summary>Nearest first; equal ones by position.</summary>
    public static Comparer<ClosePair> Order { get; } = Comparer<ClosePair>.Create((a, b) =>
        b.Cosine.CompareTo(a.Cosine) is var nearer and not 0 ? nearer : a.First.CompareTo(b.First) is var first and not 0 ? first : a.Second.CompareTo(b.Second));

    /// <summary>A pair that is less near need not be added.</summary>
    public float Least { get; private set; } = float.NegativeInfinity;

    /// <summary>The pairs, in no order.</summary>
    public IEnumerable<ClosePair> Pairs => _farthestFirst.UnorderedItems.Select(item => item.Element);

    public void Add(ClosePair pair)
    {
        if (_farthestFirst.Count < capacity)
            _farthestFirst.Enqueue(pair, pair);
        else
            _farthestFirst.EnqueueDequeue(pair, pair);
        if (_farthestFirst.Count == capacity)
            Least = (float)_farthestFirst.Peek().Cosine;
    }

    /// <summary>Takes over what another thread has found.</summary>
    public void Merge(NearestPairs other)
    {
        lock (_farthestFirst)
        {
            foreach (var pair in other.Pairs)
                Add(pair);
        }
    }
}
