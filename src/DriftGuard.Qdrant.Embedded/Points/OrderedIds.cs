namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>
/// The ids of a collection in scroll order, each with its slot: sorted blocks behind a sorted list of blocks, so that an insert moves
/// a few kilobytes at most and a scroll walks arrays.
/// </summary>
internal sealed class OrderedIds
{
    private const int BlockSize = 512;
    private readonly List<Block> _blocks = [];

    public void Add(PointKey key, int slot)
    {
        if (_blocks.Count == 0) _blocks.Add(new Block());
        var index = BlockFor(key);
        var block = _blocks[index];
        if (block.Count == BlockSize)
        {
            // Ids often come in order: a full last block then stays full instead of splitting in half.
            var appends = index == _blocks.Count - 1 && key.CompareTo(block.Keys[BlockSize - 1]) > 0;
            var next = block.Split(appends ? BlockSize : BlockSize / 2);
            _blocks.Insert(index + 1, next);
            if (next.Count == 0 || key.CompareTo(next.Keys[0]) >= 0) block = next;
        }

        block.Insert(~block.Find(key), key, slot);
    }

    public void Remove(PointKey key)
    {
        var index = BlockFor(key);
        var block = _blocks[index];
        block.RemoveAt(block.Find(key));
        if (block.Count == 0) _blocks.RemoveAt(index);
    }

    /// <summary>Visits the entries in order, from the first that is not before <paramref name="from"/>, until the visitor returns false.</summary>
    public void Walk(PointKey? from, Func<PointKey, int, bool> visit)
    {
        if (_blocks.Count == 0) return;
        var index = from is { } start ? BlockFor(start) : 0;
        var at = from is { } first ? _blocks[index].Find(first) : 0;
        if (at < 0) at = ~at;
        for (; index < _blocks.Count; index++, at = 0)
        {
            var block = _blocks[index];
            for (; at < block.Count; at++)
                if (!visit(block.Keys[at], block.Slots[at])) return;
        }
    }

    /// <summary>The last block whose first key is not after <paramref name="key"/>.</summary>
    private int BlockFor(PointKey key)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_blocks[middle].Keys[0].CompareTo(key) <= 0) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    private sealed class Block
    {
        public PointKey[] Keys { get; } = new PointKey[BlockSize];

        public int[] Slots { get; } = new int[BlockSize];

        public int Count { get; private set; }

        public int Find(PointKey key) => Array.BinarySearch(Keys, 0, Count, key);

        public void Insert(int at, PointKey key, int slot)
        {
            Array.Copy(Keys, at, Keys, at + 1, Count - at);
            Array.Copy(Slots, at, Slots, at + 1, Count - at);
            Keys[at] = key;
            Slots[at] = slot;
            Count++;
        }

        public void RemoveAt(int at)
        {
            Count--;
            Array.Copy(Keys, at + 1, Keys, at, Count - at);
            Array.Copy(Slots, at + 1, Slots, at, Count - at);
        }

        /// <summary>Keeps the first <paramref name="keep"/> entries and returns the others.</summary>
        public Block Split(int keep)
        {
            var rest = new Block { Count = Count - keep };
            Array.Copy(Keys, keep, rest.Keys, 0, rest.Count);
            Array.Copy(Slots, keep, rest.Slots, 0, rest.Count);
            Count = keep;
            return rest;
        }
    }
}
