namespace DriftGuard.Embedding.Tokenization.Unigram;

/// <summary>Finds the pieces that a text begins with: a tree of letters in arrays, the children of a node side by side in order.</summary>
internal sealed class PieceTrie
{
    private readonly char[] _letters;
    private readonly int[] _firstChild;
    private readonly int[] _ids;

    /// <param name="pieces">Distinct and not empty; the place of each is its id.</param>
    public PieceTrie(IReadOnlyList<string> pieces)
    {
        var sorted = Enumerable.Range(0, pieces.Count).ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(pieces[a], pieces[b]));
        var letters = new List<char> { '\0' };
        var firstChild = new List<int>();
        var ids = new List<int> { -1 };
        var waiting = new Queue<(int Start, int End, int Depth)>([(0, sorted.Length, 0)]);
        while (waiting.TryDequeue(out var node))
        {
            firstChild.Add(letters.Count);
            for (var start = node.Start; start < node.End;)
            {
                var letter = pieces[sorted[start]][node.Depth];
                var end = start + 1;
                while (end < node.End && pieces[sorted[end]][node.Depth] == letter)
                    end++;
                var isPiece = pieces[sorted[start]].Length == node.Depth + 1;
                letters.Add(letter);
                ids.Add(isPiece ? sorted[start] : -1);
                waiting.Enqueue((isPiece ? start + 1 : start, end, node.Depth + 1));
                start = end;
            }
        }

        // Nodes are numbered in the order in which their children are added: those of one end where those of the next begin.
        firstChild.Add(letters.Count);
        _letters = [.. letters];
        _firstChild = [.. firstChild];
        _ids = [.. ids];
    }

    /// <summary>The root, which stands for no letters.</summary>
    public static int Root => 0;

    /// <summary>Goes from a node to the one of its next letter, if there are pieces that go on so.</summary>
    public bool TryStep(ref int node, char letter)
    {
        var low = _firstChild[node];
        var high = _firstChild[node + 1] - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (_letters[middle] == letter)
            {
                node = middle;
                return true;
            }

            if (_letters[middle] < letter)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    /// <summary>The piece that ends at a node; less than 0 if none does.</summary>
    public int IdAt(int node) => _ids[node];
}
