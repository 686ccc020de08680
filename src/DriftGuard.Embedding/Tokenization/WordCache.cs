using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>
/// Remembers the ids of words. Each word has four places it can be in, and where they are taken a new word takes one over: the memory
/// is bounded, nothing is locked, and words made to collide cost time but no more than without a cache.
/// </summary>
/// <remarks>
/// Word and ids lie in the table itself, since a look-up costs the cache misses that it takes. An entry is written in parts, so it
/// has a version that is odd meanwhile, and a reader who sees two versions takes nothing (a sequence lock).
/// </remarks>
internal sealed class WordCache
{
    private const int PlacesPerSet = 4;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly Entry[] _entries;
    private readonly int _shift;

    /// <param name="words">How many words are remembered at most: eight or more, and a power of two.</param>
    public WordCache(int words)
    {
        _entries = new Entry[words];
        _shift = 32 - int.Log2(words / PlacesPerSet);
    }

    /// <summary>
    /// The hash of a word from its first and its last four characters, which overlap in a word of less than eight: no loop whose length
    /// the processor would have to guess. Only longer words have a middle.
    /// </summary>
    public static uint Hash(ReadOnlySpan<char> word)
    {
        var bytes = MemoryMarshal.AsBytes(word);
        if (bytes.Length < sizeof(ulong))
        {
            return word.IsEmpty
                ? 0
                : (uint)(Mix(word[0] ^ ((ulong)word[word.Length / 2] << 16) ^ ((ulong)word[^1] << 32) ^ ((ulong)word.Length << 48)) >> 32);
        }

        var hash = Mix(MemoryMarshal.Read<ulong>(bytes) ^ (ulong)word.Length);
        for (var middle = sizeof(ulong); middle < bytes.Length - sizeof(ulong); middle += sizeof(ulong))
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes[middle..]));
        return (uint)(Mix(hash ^ MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..])) >> 32);
    }

    /// <summary>Adds the ids of a word, if it is known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, uint hash, TokenBuffer ids)
    {
        foreach (ref var entry in SetOf(hash))
        {
            var version = Volatile.Read(ref entry.Version);
            if (version == 0)
                return false;
            if (!entry.Is(word))
                continue;
            var start = ids.Count;
            if (entry.Ids is [var only])
                ids.Add(only);
            else
                ids.Add(entry.Ids);
            Volatile.ReadBarrier();
            if ((version & 1) == 0 && entry.Version == version)
                return true;
            ids.CutAt(start);
            return false;
        }

        return false;
    }

    /// <summary>Remembers a word, unless it is too long to be seen again or has too many ids.</summary>
    public void Keep(ReadOnlySpan<char> word, uint hash, ReadOnlySpan<int> ids)
    {
        if (word.Length > Letters.Length || ids.Length > Pieces.Length)
            return;
        var set = SetOf(hash);
        var place = 0;
        while (place < set.Length && set[place].Version != 0)
            place++;
        ref var entry = ref set[place < set.Length ? place : (int)(hash % PlacesPerSet)];
        var version = entry.Version;
        // Another thread is at it: one of the two words is met again.
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref entry.Version, version + 1, version) != version)
            return;
        entry.Set(word, ids);
        Volatile.Write(ref entry.Version, version + 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value) => Math.BigMul(value, Multiplier, out var low) ^ low;

    private Span<Entry> SetOf(uint hash) => _entries.AsSpan(PlacesPerSet * (int)(hash >> _shift), PlacesPerSet);

    /// <summary>A word and its ids, 96 bytes. Every length that was ever written is one that fits, so reading half-written ones is harmless.</summary>
    private struct Entry
    {
        public uint Version;
        private byte _letterCount;
        private byte _idCount;
        private Pieces _ids;
        private Letters _letters;

        [UnscopedRef]
        public readonly ReadOnlySpan<int> Ids => ((ReadOnlySpan<int>)_ids)[.._idCount];

        public readonly bool Is(ReadOnlySpan<char> word) => word.Length == _letterCount && word.SequenceEqual(((ReadOnlySpan<char>)_letters)[.._letterCount]);

        public void Set(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
        {
            _letterCount = (byte)word.Length;
            _idCount = (byte)ids.Length;
            word.CopyTo(_letters);
            ids.CopyTo(_ids);
        }
    }

    [InlineArray(Length)]
    private struct Pieces
    {
        public const int Length = 6;

        private int _first;
    }

    [InlineArray(Length)]
    private struct Letters
    {
        public const int Length = 32;

        private char _first;
    }
}
