using System.Buffers.Binary;
using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>
/// The rules of a SentencePiece normaliser: byte strings and what stands in their place. In the file they are a double array (Aoe
/// 1989) as the Darts-clone library writes it, after its length in bytes, and then the replacements, each closed by a zero.
/// </summary>
internal sealed class Charsmap
{
    private const int HeaderSize = 4;

    private readonly uint[] _units;
    private readonly Dictionary<int, string> _replacements = [];

    /// <exception cref="InvalidDataException">The bytes are no such rules.</exception>
    public Charsmap(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            throw Malformed($"is {bytes.Length} bytes long");
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size == 0 || size % sizeof(uint) != 0 || size > (uint)(bytes.Length - HeaderSize))
            throw Malformed($"says that its array has {size} bytes of {bytes.Length - HeaderSize}");
        var array = bytes.Slice(HeaderSize, (int)size);
        _units = new uint[array.Length / sizeof(uint)];
        for (var i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(array[(i * sizeof(uint))..]);
        ReadReplacements(bytes[(HeaderSize + (int)size)..]);
    }

    /// <summary>
    /// What stands in place of a text that begins with a rule's; <see langword="null"/> if none does. Of several rules it is the
    /// shortest, and what the text has beyond it is dropped: the reference does so, and models were trained on that.
    /// </summary>
    public string? Replacement(ReadOnlySpan<byte> text)
    {
        var node = Child(0);
        foreach (var letter in text)
        {
            if (letter == 0 || !TryStep(ref node, letter, out var unit))
                return null;
            if (IsEnd(unit))
                return _replacements[ValueOf(_units[node])];
        }

        return null;
    }

    /// <summary>Visits every node that a text can lead to, so that look-ups need no checks and always end.</summary>
    private void ReadReplacements(ReadOnlySpan<byte> texts)
    {
        var visited = new bool[_units.Length];
        var waiting = new Stack<int>([Child(0)]);
        while (waiting.TryPop(out var parent))
        {
            for (var letter = 1; letter <= byte.MaxValue; letter++)
            {
                var node = parent;
                if (!TryStep(ref node, (byte)letter, out var unit))
                    continue;
                if (node >= _units.Length)
                    throw Malformed("has an array that points beyond its end");
                if (IsEnd(unit))
                    AddReplacement(ValueOf(_units[node]), texts);
                if (visited[node])
                    continue;
                visited[node] = true;
                waiting.Push(node);
            }
        }
    }

    private void AddReplacement(int start, ReadOnlySpan<byte> texts)
    {
        if (_replacements.ContainsKey(start))
            return;
        if (start > texts.Length)
            throw Malformed("has a rule whose replacement lies beyond its end");
        var text = texts[start..];
        var end = text.IndexOf((byte)0);
        try
        {
            _replacements.Add(start, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(end < 0 ? text : text[..end]));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("has a rule whose replacement is no UTF-8");
        }
    }

    private bool TryStep(ref int node, byte letter, out uint unit)
    {
        var next = node ^ letter;
        unit = next < _units.Length ? _units[next] : 0;
        if ((unit & 0x800000FF) != letter)
            return false;
        node = next ^ OffsetOf(unit);
        return true;
    }

    private int Child(int node) => node ^ OffsetOf(_units[node]);

    private static bool IsEnd(uint unit) => ((unit >> 8) & 1) == 1;

    private static int ValueOf(uint unit) => (int)(unit & 0x7FFFFFFF);

    private static int OffsetOf(uint unit) => (int)((unit >> 10) << (int)((unit & (1u << 9)) >> 6));

    private static InvalidDataException Malformed(string what) =>
        new($"the charsmap {what}: expected SentencePiece's, whole. Fetch the file again, or export the tokenizer anew.");
}
