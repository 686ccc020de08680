namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>Pairs that share a text move together, and so do those that are joined by others: connected components of texts.</summary>
public static class PairGroups
{
    /// <summary>The group of each pair, numbered from 0 in the order of the pairs.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<LabelledPair> pairs)
    {
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var parents = new List<int>();
        foreach (var pair in pairs)
            Join(Node(pair.First), Node(pair.Second));

        var numbers = new Dictionary<int, int>();
        return [.. pairs.Select(pair => Number(Root(texts[pair.First])))];

        int Node(string text)
        {
            if (texts.TryGetValue(text, out var node))
                return node;
            texts.Add(text, parents.Count);
            parents.Add(parents.Count);
            return parents.Count - 1;
        }

        int Root(int node)
        {
            while (parents[node] != node)
                node = parents[node] = parents[parents[node]];
            return node;
        }

        void Join(int first, int second)
        {
            var (a, b) = (Root(first), Root(second));
            parents[Math.Max(a, b)] = Math.Min(a, b);
        }

        int Number(int root)
        {
            if (!numbers.TryGetValue(root, out var number))
                numbers.Add(root, number = numbers.Count);
            return number;
        }
    }
}
