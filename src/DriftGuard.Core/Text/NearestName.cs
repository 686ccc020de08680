namespace DriftGuard.Core.Text;

/// <summary>Finds what was probably meant by a misspelt name.</summary>
public static class NearestName
{
    /// <summary>The only candidate that starts so, or the one with the smallest edit distance; null where none is near enough to be a likely slip.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <returns>The nearest candidate, in the candidates' order where several are equally near.</returns>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        string[] known = [.. candidates];
        if (name.Length >= 3 && known.Where(candidate => Fold(candidate).StartsWith(Fold(name), StringComparison.Ordinal)).ToArray() is [var only])
        {
            return only;
        }

        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(Fold(name), Fold(candidate));
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        // About a slip in three letters, and one in any short name.
        return best is not null && bestDistance <= Math.Max(1, Math.Max(name.Length, best.Length) / 3) ? best : null;
    }

    /// <summary>Damerau-Levenshtein distance in its restricted form: insert, delete, replace, or swap two neighbours.</summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }

    private static string Fold(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
