using System.Buffers.Binary;
using System.Globalization;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>
/// Id of a point: an unsigned 64-bit number or a UUID. The order is Qdrant's scroll order: numbers first, then UUIDs as big-endian 128-bit.
/// </summary>
internal readonly struct PointKey : IEquatable<PointKey>, IComparable<PointKey>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly bool _isUuid;

    private PointKey(bool isUuid, ulong high, ulong low)
    {
        _isUuid = isUuid;
        _high = high;
        _low = low;
    }

    public bool IsUuid => _isUuid;

    public ulong Number => _low;

    /// <summary>Bytes of the id when stored: 8 for a number, 16 for a UUID.</summary>
    public int StoredSize => _isUuid ? 16 : 8;

    public static PointKey Of(ulong number) => new(isUuid: false, 0, number);

    public static PointKey Of(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return FromStored(bytes);
    }

    public static PointKey Of(PointId? id) => id?.PointIdOptionsCase switch
    {
        PointId.PointIdOptionsOneofCase.Num => Of(id.Num),
        PointId.PointIdOptionsOneofCase.Uuid => Parse(id.Uuid),
        _ => throw Refusal.Invalid("Empty ID is not allowed"),
    };

    /// <summary>Reads a UUID in the forms that Qdrant takes: hyphenated, 32 digits, in braces, or as a URN.</summary>
    public static PointKey Parse(string uuid)
    {
        var text = uuid.StartsWith("urn:uuid:", StringComparison.Ordinal) ? uuid.AsSpan(9) : uuid;
        return Guid.TryParseExact(text, "D", out var parsed) || Guid.TryParseExact(text, "N", out parsed) || Guid.TryParseExact(text, "B", out parsed)
            ? Of(parsed)
            : throw Refusal.Invalid($"Unable to parse UUID: {uuid}");
    }

    public static PointKey FromStored(ReadOnlySpan<byte> stored) => stored.Length == 16
        ? new(isUuid: true, BinaryPrimitives.ReadUInt64BigEndian(stored), BinaryPrimitives.ReadUInt64BigEndian(stored[8..]))
        : Of(BinaryPrimitives.ReadUInt64BigEndian(stored));

    public void Store(Span<byte> destination)
    {
        if (_isUuid) BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(_isUuid ? destination[8..] : destination, _low);
    }

    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Store(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    public PointId ToPointId() => _isUuid ? new PointId { Uuid = ToString() } : new PointId { Num = _low };

    public int CompareTo(PointKey other)
    {
        if (_isUuid != other._isUuid) return _isUuid ? 1 : -1;
        return _high != other._high ? _high.CompareTo(other._high) : _low.CompareTo(other._low);
    }

    public static bool operator <(PointKey left, PointKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PointKey left, PointKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PointKey left, PointKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PointKey left, PointKey right) => left.CompareTo(right) >= 0;

    public static bool operator ==(PointKey left, PointKey right) => left.Equals(right);

    public static bool operator !=(PointKey left, PointKey right) => !left.Equals(right);

    public bool Equals(PointKey other) => _low == other._low && _high == other._high && _isUuid == other._isUuid;

    public override bool Equals(object? obj) => obj is PointKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_low, _high, _isUuid);

    public override string ToString() => _isUuid ? ToGuid().ToString("D") : _low.ToString(CultureInfo.InvariantCulture);
}
