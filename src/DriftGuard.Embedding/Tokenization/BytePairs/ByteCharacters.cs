namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>
/// The characters that stand for bytes in the vocabularies of GPT-2 and its successors: what prints stands for itself, the rest follow
/// from U+0100 in order. In memory a byte is the character of its own value.
/// </summary>
internal static class ByteCharacters
{
    private static readonly char[] Written = new char[256];
    private static readonly Dictionary<char, char> Bytes = [];

    static ByteCharacters()
    {
        var next = '\u0100';
        for (var value = '\0'; value < Written.Length; value++)
        {
            Written[value] = value is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or (>= '\u00AE' and <= '\u00FF') ? value : next++;
            Bytes[Written[value]] = value;
        }
    }

    /// <summary>How a byte is written.</summary>
    public static char OfByte(byte value) => Written[value];

    /// <summary>The bytes of a written token, one character each; <see langword="null"/> where it has others, so that no text gives it.</summary>
    public static string? ToBytes(string written)
    {
        var bytes = new char[written.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Bytes.TryGetValue(written[i], out bytes[i]))
                return null;
        }

        return new(bytes);
    }
}
