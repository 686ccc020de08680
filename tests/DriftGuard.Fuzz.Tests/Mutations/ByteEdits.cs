using System.Text;

namespace DriftGuard.Fuzz.Tests.Mutations;

/// <summary>Changes of an input as bytes, words and lines.</summary>
/// <param name="words">Words that are put in.</param>
/// <param name="others">Other inputs.</param>
internal sealed class ByteEdits(IReadOnlyList<byte[]> words, IReadOnlyList<byte[]> others)
{
    private const int LargestInput = 256 * 1024;
    private const int FewBytes = 64;
    private const int MostRepeats = 2_000;
    private const int MostNests = 20_000;

    private static readonly byte[] Bytes = [0, 1, 0x7F, 0x80, 0xC3, 0xED, 0xFF, .. "\n\r\t \"'\\/:,;-+#&*?!|>[]{}()%=.0e"u8];
    private static readonly byte[][] Openings = [[.. "["u8], [.. "{"u8], [.. "{\"a\":"u8], [.. "[["u8], [.. "- "u8], [.. "? "u8], [.. "("u8], [.. "\""u8], [.. "!must: "u8]];

    /// <summary>The input after an edit.</summary>
    public byte[] Apply(byte[] input, Edit edit)
    {
        var changed = Change(input, edit);
        return changed.Length <= LargestInput ? changed : input;
    }

    private byte[] Change(byte[] input, Edit edit)
    {
        var at = (int)(edit.At % (input.Length + 1));
        var count = Math.Min(1 + (int)(edit.Size % FewBytes), input.Length - at);
        switch (edit.Kind)
        {
            case EditKind.Bit or EditKind.Byte when at == input.Length:
                return [.. input, Bytes[edit.Value % Bytes.Length]];
            case EditKind.Bit:
                return [.. input[..at], (byte)(input[at] ^ (1 << (int)(edit.Value % 8))), .. input[(at + 1)..]];
            case EditKind.Byte:
                return [.. input[..at], Bytes[edit.Value % Bytes.Length], .. input[(at + 1)..]];
            case EditKind.Remove:
                return [.. input[..at], .. input[(at + count)..]];
            case EditKind.Double:
                return [.. input[..(at + count)], .. input[at..]];
            case EditKind.Repeat:
                return [.. input[..at], .. Repeated(input[at..(at + count)], (int)(edit.Value % MostRepeats)), .. input[at..]];
            case EditKind.Insert:
                return [.. input[..at], .. words[(int)(edit.Value % words.Count)], .. input[at..]];
            case EditKind.Word:
                return WithWord(input, edit);
            case EditKind.Splice:
                var other = others[(int)(edit.Value % others.Count)];
                return [.. input[..at], .. other[(int)(edit.Size % (other.Length + 1))..]];
            case EditKind.Cut:
                return input[..at];
            case EditKind.Nest:
                return [.. input[..at], .. Repeated(Openings[edit.Value % Openings.Length], (int)(edit.Size % MostNests)), .. input[at..]];
            default:
                return WithLine(input, edit);
        }
    }

    private static byte[] Repeated(byte[] part, int times) => part.Length * (long)times > LargestInput ? part : [.. Enumerable.Repeat(part, times).SelectMany(bytes => bytes)];

    private byte[] WithWord(byte[] input, Edit edit)
    {
        var all = Words(input).ToList();
        if (all.Count == 0)
            return input;
        var (begin, end) = all[(int)(edit.At % all.Count)];
        return [.. input[..begin], .. words[(int)(edit.Value % words.Count)], .. input[end..]];
    }

    private static byte[] WithLine(byte[] input, Edit edit)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n').ToList();
        var (at, other) = ((int)(edit.At % lines.Count), (int)(edit.Value % lines.Count));
        if (edit.Kind == EditKind.RemoveLine)
            lines.RemoveAt(at);
        else if (edit.Kind == EditKind.DoubleLine)
            lines.Insert(other, lines[at]);
        else
            (lines[at], lines[other]) = (lines[other], lines[at]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    /// <summary>Where the words of an input are: what stands between marks and blanks.</summary>
    public static IEnumerable<(int Begin, int End)> Words(byte[] input)
    {
        for (var at = 0; at < input.Length; at++)
        {
            var begin = at;
            while (at < input.Length && (char.IsAsciiLetterOrDigit((char)input[at]) || input[at] is (byte)'_' or (byte)'-' or (byte)'.' || input[at] >= 0x80))
                at++;
            if (at > begin)
                yield return (begin, at);
        }
    }
}
