using System.Runtime.CompilerServices;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// Remembers the ids of words. Each word has four places it can be in, and where they are taken a new word takes one over: the memory
/// is bounded, nothing is locked, and words made to collide cost time but no more than without a cache.
/// </summary>
internal sealed class WordCache
{
    /// <summary>The hash of no characters.</summary>
    public const uint HashStart = 2166136261;

    private const int SetBits = 14;
    private const int PlacesPerSet = 4;

    private readonly Entry?[] _entries = new Entry?[PlacesPerSet << SetBits];

    /// <summary>The hash of a word and one more character: FNV-1a over UTF-16 units (Fowler, Noll, Vo).</summary>
    public static uint Hash(uint hash, char next) => (hash ^ next) * 16777619;

    /// <summary>The hash of a whole word.</summary>
    public static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = HashStart;
        foreach (var c in word)
            hash = Hash(hash, c);
        return hash;
    }

    /// <summary>Adds the ids of a word, if it is known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, uint hash, TokenBuffer ids)
    {
        foreach (ref var place in SetOf(hash))
        {
            if (Volatile.Read(ref place) is not { } entry)
                return false;
            if (!entry.Is(word))
                continue;
            ids.Add(entry.Ids);
            return true;
        }

        return false;
    }

    /// <summary>Remembers a word, unless it is too long to be seen again or has too many ids.</summary>
    public void Keep(ReadOnlySpan<char> word, uint hash, ReadOnlySpan<int> ids)
    {
        if (word.Length > Letters.Length || ids.Length > Pieces.Length)
            return;
        var set = SetOf(hash);
        var free = set.IndexOf((Entry?)null);
        Volatile.Write(ref set[free >= 0 ? free : (int)(hash % PlacesPerSet)], new(word, ids));
    }

    /// <summary>Folds to the upper bits of a product, which are the well mixed ones.</summary>
    private Span<Entry?> SetOf(uint hash) => _entries.AsSpan(PlacesPerSet * (int)((hash * 2654435769u) >> (32 - SetBits)), PlacesPerSet);

    /// <summary>Word and ids in one object: a look-up touches two cache lines, not the five of strings and arrays.</summary>
    private sealed class Entry
    {
        private readonly byte _letterCount;
        private readonly byte _idCount;
        private readonly Pieces _ids;
        private readonly Letters _letters;

        public Entry(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
        {
            word.CopyTo(_letters);
            ids.CopyTo(_ids);
            _letterCount = (byte)word.Length;
            _idCount = (byte)ids.Length;
        }

        public ReadOnlySpan<int> Ids => ((ReadOnlySpan<int>)_ids)[.._idCount];

        public bool Is(ReadOnlySpan<char> word) => word.SequenceEqual(((ReadOnlySpan<char>)_letters)[.._letterCount]);
    }

    [InlineArray(Length)]
    private struct Letters
    {
        public const int Length = 22;

        private char _first;
    }

    [InlineArray(Length)]
    private struct Pieces
    {
        public const int Length = 6;

        private int _first;
    }
}
