namespace DriftGuard.Core.Retrieval;

/// <summary>
/// Orders strings as their UTF-8 bytes, which is the order of code points and the one trec_eval's <c>strcmp</c> breaks ties by. .NET's
/// ordinal order compares UTF-16 code units and differs above U+D7FF: a surrogate pair sorts before U+E000 to U+FFFF.
/// </summary>
public sealed class Utf8ByteOrder : IComparer<string>
{
    private Utf8ByteOrder()
    {
    }

    /// <summary>The one instance.</summary>
    public static Utf8ByteOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var common = x.AsSpan().CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length.CompareTo(y.Length)
            : CodePointRank(x[common]).CompareTo(CodePointRank(y[common]));
    }

    // Moves the surrogates behind the rest of the basic plane. The first units that differ decide, also in the middle of a pair.
    private static int CodePointRank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
