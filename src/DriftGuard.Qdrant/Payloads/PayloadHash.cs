using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Payloads;

/// <summary>
/// The payload hash: SHA-256 of a canonical form of the payload without <c>_driftguard</c>, so that the stamp does not change what it
/// stamps.
/// </summary>
/// <remarks>
/// The canonical form: null <c>n</c>; false <c>f</c>; true <c>t</c>; integer <c>i</c> and 8 bytes; double <c>d</c> and its 8 IEEE bytes,
/// -0 as 0 and each NaN as one; text <c>s</c>, its length in bytes and its UTF-8; list <c>[</c>, its count and its values; object
/// <c>{</c>, its count and its fields, each the length of its key in bytes, the key's UTF-8 and the value, in the byte order of the
/// keys. Numbers are big-endian, counts and lengths 4 bytes. 1 and 1.0 differ, as they do in Qdrant. A value that is not set is null.
/// </remarks>
public static class PayloadHash
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Every copied and every compared point is hashed: a buffer for each would be a tenth of what a copy allocates.
    private const int KeptBytes = 64 * 1024;
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _kept;

    /// <summary>The hash: 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="EncoderFallbackException">A text holds a lone surrogate.</exception>
    public static string Of(MapField<string, Value> payload)
    {
        var form = _kept ?? new ArrayBufferWriter<byte>(1024);
        form.ResetWrittenCount(); // a text that cannot be encoded leaves what was written before it
        WriteObject(form, payload, exclude: StampPayload.Key);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(form.WrittenSpan, digest);
        _kept = form.Capacity <= KeptBytes ? form : null;
        return Convert.ToHexStringLower(digest);
    }

    private static void WriteObject(ArrayBufferWriter<byte> form, MapField<string, Value> fields, string? exclude)
    {
        var sorted = ArrayPool<KeyValuePair<string, Value>>.Shared.Rent(Math.Max(1, fields.Count));
        var count = 0;
        foreach (var field in fields)
        {
            if (!string.Equals(field.Key, exclude, StringComparison.Ordinal))
                sorted[count++] = field;
        }
        sorted.AsSpan(0, count).Sort(static (left, right) => CompareUtf8(left.Key, right.Key));

        WriteTag(form, '{');
        WriteCount(form, count);
        for (var i = 0; i < count; i++)
        {
            WriteText(form, sorted[i].Key);
            WriteValue(form, sorted[i].Value);
        }
        ArrayPool<KeyValuePair<string, Value>>.Shared.Return(sorted, clearArray: true);
    }

    private static void WriteValue(ArrayBufferWriter<byte> form, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.IntegerValue:
                WriteTag(form, 'i');
                BinaryPrimitives.WriteInt64BigEndian(form.GetSpan(8), value.IntegerValue);
                form.Advance(8);
                break;
            case Value.KindOneofCase.DoubleValue:
                WriteTag(form, 'd');
                var number = double.IsNaN(value.DoubleValue) ? double.NaN : value.DoubleValue + 0.0; // -0 + 0 is 0.
                BinaryPrimitives.WriteDoubleBigEndian(form.GetSpan(8), number);
                form.Advance(8);
                break;
            case Value.KindOneofCase.StringValue:
                WriteTag(form, 's');
                WriteText(form, value.StringValue);
                break;
            case Value.KindOneofCase.BoolValue:
                WriteTag(form, value.BoolValue ? 't' : 'f');
                break;
            case Value.KindOneofCase.StructValue:
                WriteObject(form, value.StructValue.Fields, exclude: null);
                break;
            case Value.KindOneofCase.ListValue:
                WriteTag(form, '[');
                WriteCount(form, value.ListValue.Values.Count);
                foreach (var item in value.ListValue.Values)
                    WriteValue(form, item);
                break;
            default:
                WriteTag(form, 'n');
                break;
        }
    }

    private static void WriteTag(ArrayBufferWriter<byte> form, char tag)
    {
        form.GetSpan(1)[0] = (byte)tag;
        form.Advance(1);
    }

    private static void WriteCount(ArrayBufferWriter<byte> form, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(form.GetSpan(4), count);
        form.Advance(4);
    }

    private static void WriteText(ArrayBufferWriter<byte> form, string text)
    {
        var span = form.GetSpan(4 + Utf8.GetMaxByteCount(text.Length));
        var length = Utf8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        form.Advance(4 + length);
    }

    /// <summary>UTF-8 byte order is code point order: as in UTF-16, but a surrogate, of U+10000 or above, comes after everything else.</summary>
    private static int CompareUtf8(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[common], right[common]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
