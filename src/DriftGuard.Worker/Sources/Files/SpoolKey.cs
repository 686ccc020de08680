using System.Buffers.Binary;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>Point ids as bytes that sort as the ids do: numbers before UUIDs, each by value.</summary>
internal static class SpoolKey
{
    private const int Size = 17;
    private const int NumberAt = Size - sizeof(ulong);

    public static byte[] Of(PointId id)
    {
        var bytes = new byte[Size];
        if (id.IsNumber)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(NumberAt), id.Number);
        }
        else
        {
            bytes[0] = 1;
            id.Uuid.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        }

        return bytes;
    }

    public static PointId Read(byte[] bytes) => bytes[0] == 0
        ? PointId.FromNumber(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(NumberAt)))
        : PointId.FromUuid(new Guid(bytes.AsSpan(1), bigEndian: true));
}
