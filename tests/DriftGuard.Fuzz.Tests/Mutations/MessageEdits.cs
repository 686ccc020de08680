using Google.Protobuf;

namespace DriftGuard.Fuzz.Tests.Mutations;

/// <summary>Changes of a protobuf message that leave it one: lengths go with what they are of.</summary>
internal static class MessageEdits
{
    private const int LargestMessage = 256 * 1024;
    private const int MostCopies = 100;
    private const int Deepest = 200;

    private static readonly ulong[] Numbers =
    [
        0, 1, 2, 3, 127, 128, 255, 256, 65_535, 65_536, 1_000_000, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 1,
        0x7FC00000, 0x7F800000, 0xFF800000, 0x7F7FFFFF, 0x80000000, 0x7FF8000000000000, 0x7FF0000000000000, 0xFFF0000000000000, 0x7FEFFFFFFFFFFFFF, 0x3FF0000000000000,
    ];

    private static readonly byte[][] Contents =
    [
        [], [0], [0xFF], [.. "\xC3\x28"u8], [0xED, 0xA0, 0x80], [.. "a"u8], [.. "docs"u8], [.. "../../etc"u8], [.. "a.b[].c"u8], [.. "\0"u8], [0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0x7F],
        [.. Enumerable.Repeat((byte)'x', 5_000)], [.. Enumerable.Repeat((byte)0, 4_096)],
    ];

    /// <summary>The message after an edit; as it is where there is nothing to change.</summary>
    public static byte[] Apply(byte[] message, Edit edit)
    {
        if (WireField.Parse(message) is not { Count: > 0 } root)
            return message;
        var all = Flat(root).ToList();
        var (within, at) = all[(int)(edit.At % all.Count)];
        Change(all, within, at, edit);
        var changed = WireField.Write(root);
        return changed.Length <= LargestMessage ? changed : message;
    }

    private static void Change(List<(List<WireField> Within, int At)> all, List<WireField> within, int at, Edit edit)
    {
        var field = within[at];
        var (other, otherAt) = all[(int)(edit.Value % all.Count)];
        switch (edit.Kind)
        {
            case EditKind.FieldNumber when field.Type != WireFormat.WireType.LengthDelimited:
                field.Value = Numbers[edit.Value % Numbers.Length];
                break;
            case EditKind.FieldNumber or EditKind.FieldBytes:
                (field.Type, field.Fields, field.Bytes) = (WireFormat.WireType.LengthDelimited, null, Contents[edit.Value % Contents.Length]);
                break;
            case EditKind.RemoveField:
                within.RemoveAt(at);
                break;
            case EditKind.RepeatField:
                within.InsertRange(at, Enumerable.Range(0, 1 + (int)(edit.Size % MostCopies)).Select(_ => field.Copy()));
                break;
            case EditKind.RenameField:
                field.Number = 1 + (int)((uint)field.Number + edit.Size) % 24;
                break;
            case EditKind.MoveField:
                within.Insert(at, other[otherAt].Copy());
                break;
            default:
                for (var depth = edit.Size % Deepest; depth > 0; depth--)
                    (field.Type, field.Fields) = (WireFormat.WireType.LengthDelimited, [field.Copy()]);
                break;
        }
    }

    private static IEnumerable<(List<WireField> Within, int At)> Flat(List<WireField> fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            yield return (fields, i);
            foreach (var inner in fields[i].Fields is { } within ? Flat(within) : [])
                yield return inner;
        }
    }
}
