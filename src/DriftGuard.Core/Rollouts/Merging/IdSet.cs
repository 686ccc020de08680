using System.Buffers;
using System.IO.Compression;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Rollouts.Merging;

/// <summary>
/// Ids in their order as bytes. Each is written as its distance from the one before, in groups of seven bits; a zero separates numbers, whose
/// distances are one more than they are, from UUIDs. Ids that follow one another become next to nothing by compression, random ones stay as they are.
/// </summary>
public static class IdSet
{
    private const byte Plain = 0;
    private const byte Compressed = 1;
    private const int Quality = 4;
    private const int Window = 22;

    /// <summary>The ids of a set, in their order.</summary>
    /// <exception cref="InvalidDataException">The bytes are no set of ids.</exception>
    public static IEnumerable<PointId> Read(byte[] bytes)
    {
        var (written, at) = (Unpacked(bytes), 0);
        var (previous, isUuid) = (UInt128.Zero, false);
        while (at < written.Length)
        {
            var distance = ReadNumber(written, ref at);
            if (!isUuid && distance == UInt128.Zero)
            {
                (previous, isUuid) = (UInt128.Zero, true);
                continue;
            }

            previous = unchecked(previous + distance - (isUuid ? UInt128.Zero : UInt128.One));
            yield return PointId.FromValue(previous, isUuid);
        }
    }

    /// <summary>The bytes of distances, compressed where that makes them fewer.</summary>
    internal static byte[] Pack(ReadOnlySpan<byte> written)
    {
        var packed = new ArrayBufferWriter<byte>(written.Length + 1);
        packed.Write([Compressed]);
        WriteNumber(packed, (UInt128)written.Length);
        var room = packed.GetSpan(BrotliEncoder.GetMaxCompressedLength(written.Length));
        if (BrotliEncoder.TryCompress(written, room, out var length, Quality, Window) && packed.WrittenCount + length <= written.Length)
        {
            packed.Advance(length);
            return packed.WrittenSpan.ToArray();
        }

        return [Plain, .. written];
    }

    internal static void WriteNumber(ArrayBufferWriter<byte> into, UInt128 number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            into.Write([(byte)((byte)(number & 0x7F) | 0x80)]);
        }

        into.Write([(byte)number]);
    }

    private static byte[] Unpacked(byte[] bytes)
    {
        switch (bytes)
        {
            case [Plain, ..]:
                return bytes[1..];
            case [Compressed, ..]:
                var at = 1;
                var written = new byte[checked((int)ReadNumber(bytes, ref at))];
                return BrotliDecoder.TryDecompress(bytes.AsSpan(at), written, out var length) && length == written.Length ? written : throw NoSet();
            default:
                throw NoSet();
        }
    }

    private static UInt128 ReadNumber(byte[] bytes, ref int at)
    {
        var (number, shift) = (UInt128.Zero, 0);
        while (at < bytes.Length && shift < 128)
        {
            var next = bytes[at++];
            number |= (UInt128)(next & 0x7Fu) << shift;
            shift += 7;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw NoSet();
    }

    private static InvalidDataException NoSet() => new("these bytes are no set of ids: they are damaged, or were written by a later version");
}
