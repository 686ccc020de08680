namespace DriftGuard.Embedding.Http;

/// <summary>
/// Makes JSON of what Python servers write: a bare NaN or Infinity is no JSON, and one of them in one vector must not make the answer for
/// the other texts unreadable. Each becomes an empty text of the same length, which no vector may hold.
/// </summary>
internal static class BareNumbers
{
    private static readonly byte[][] Words = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>Replaces them in place, outside of texts.</summary>
    public static void Replace(Span<byte> json)
    {
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] == '"')
                inText = !inText;
            else if (inText && json[i] == '\\')
                i++;
            else if (!inText && json[i] is (byte)'-' or (byte)'I' or (byte)'N')
                i += ReplaceAt(json[i..]);
        }
    }

    /// <summary>How many bytes to go on by.</summary>
    private static int ReplaceAt(Span<byte> json)
    {
        foreach (var word in Words)
        {
            if (!json.StartsWith(word))
                continue;
            json[..word.Length].Fill((byte)' ');
            json[0] = json[1] = (byte)'"';
            return word.Length - 1;
        }

        return 0;
    }
}
