using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>
/// Splits a word into tokens by merging pairs of neighbours (Sennrich et al. 2016): each time the pair of least rank, of equal ones the
/// leftmost. A queue finds it, so that the time grows hardly faster than the word. Thread-safe.
/// </summary>
/// <remarks>
/// <see cref="Microsoft.ML.Tokenizers.BpeTokenizer"/> and <see cref="Microsoft.ML.Tokenizers.TiktokenTokenizer"/> (2.0.1) look for it in
/// all of the word: of 160,000 letters without a space they need seconds, and four times as many letters need sixteen times as long.
/// Both split at single UTF-16 units, too, so that letters beyond U+FFFF are symbols to them.
/// </remarks>
internal sealed class BytePairPieces(IByteMerges merges)
{
    /// <summary>Adds the ids of a word.</summary>
    /// <param name="bytes">Its UTF-8 bytes, one character each.</param>
    /// <param name="ids">Where they go.</param>
    public void Append(ReadOnlySpan<char> bytes, TokenBuffer ids)
    {
        if (merges.WholeWord(bytes) is var whole and >= 0)
        {
            ids.Add(whole);
            return;
        }

        var parts = new Part[bytes.Length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = new(merges.OfByte(bytes[i]), i - 1, i + 1);
        Merge(bytes, parts);
        for (var at = 0; at < parts.Length; at = parts[at].Next)
            ids.Add(parts[at].Id);
    }

    private void Merge(ReadOnlySpan<char> bytes, Part[] parts)
    {
        var queue = new PriorityQueue<(int Left, int LeftId, int RightId, int MergedId), (int Rank, int Left)>();
        for (var left = 0; left < parts.Length; left++)
            Offer(left, bytes, parts, queue);
        while (queue.TryDequeue(out var pair, out _))
        {
            ref var left = ref parts[pair.Left];

            // A pair whose parts have become others since is out of date; a part that is merged away has no id.
            if (left.Id != pair.LeftId || left.Next >= parts.Length || parts[left.Next].Id != pair.RightId)
                continue;
            ref var right = ref parts[left.Next];
            left.Id = pair.MergedId;
            left.Next = right.Next;
            right.Id = -1;
            if (left.Next < parts.Length)
                parts[left.Next].Previous = pair.Left;
            if (left.Previous >= 0)
                Offer(left.Previous, bytes, parts, queue);
            Offer(pair.Left, bytes, parts, queue);
        }
    }

    private void Offer(
        int left, ReadOnlySpan<char> bytes, Part[] parts,
        PriorityQueue<(int Left, int LeftId, int RightId, int MergedId), (int Rank, int Left)> queue)
    {
        var right = parts[left].Next;
        if (right >= parts.Length)
            return;
        if (merges.TryFind(parts[left].Id, parts[right].Id, bytes[left..parts[right].Next], out var merge))
            queue.Enqueue((left, parts[left].Id, parts[right].Id, merge.Id), (merge.Rank, left));
    }

    /// <summary>A token of the word, at the place of its first byte.</summary>
    /// <param name="Id">What it is; less than 0 where it is part of another.</param>
    /// <param name="Previous">The place of the token before it.</param>
    /// <param name="Next">The place of the token after it, which is where its bytes end.</param>
    [StructLayout(LayoutKind.Auto)]
    private record struct Part(int Id, int Previous, int Next);
}
