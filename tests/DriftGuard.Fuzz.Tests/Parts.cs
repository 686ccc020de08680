using System.Text;

namespace DriftGuard.Fuzz.Tests;

/// <summary>Several files in one input: each begins with a line <c>==&gt; name</c>. What is before the first has no name.</summary>
internal static class Parts
{
    private static readonly byte[] Mark = "==> "u8.ToArray();

    /// <summary>The files of an input; of two with one name the later.</summary>
    /// <param name="input">The input.</param>
    /// <param name="known">The names that a file may have; others are passed over.</param>
    public static IReadOnlyDictionary<string, byte[]> Of(ReadOnlySpan<byte> input, IReadOnlyCollection<string> known)
    {
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var (name, begin) = ("", 0);
        for (var at = 0; at < input.Length;)
        {
            var end = input[at..].IndexOf((byte)'\n') is >= 0 and var length ? at + length : input.Length;
            if (input[at..end].StartsWith(Mark))
            {
                Add(input[begin..at], name);
                (name, begin) = (Encoding.UTF8.GetString(input[(at + Mark.Length)..end]).Trim(), Math.Min(end + 1, input.Length));
            }

            at = end + 1;
        }

        Add(input[begin..], name);
        return parts;

        void Add(ReadOnlySpan<byte> part, string of)
        {
            if (known.Contains(of))
                parts[of] = part.ToArray();
        }
    }

    /// <summary>Where a file of an input begins; null where it is not there.</summary>
    public static int? BeginOf(byte[] input, string name)
    {
        var at = input.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"==> {name}\n"));
        return at < 0 ? null : at + Mark.Length + Encoding.UTF8.GetByteCount(name) + 1;
    }
}
