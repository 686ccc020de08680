using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DriftGuard.Core.Points;

/// <summary>
/// The id of a point: an unsigned 64-bit number or a UUID. Ordered as Qdrant scrolls: numbers first, then UUIDs by their
/// big-endian 128-bit value. The default value is the number 0, which is the smallest id there is.
/// </summary>
public readonly record struct PointId : IComparable<PointId>
{
    private readonly UInt128 _value;
    private readonly bool _isUuid;

    private PointId(UInt128 value, bool isUuid)
    {
        _value = value;
        _isUuid = isUuid;
    }

    /// <summary>The smallest id: the number 0. A scroll that covers everything starts here.</summary>
    public static PointId First => default;

    /// <summary>The smallest UUID: the border between numbers and UUIDs lies right before it.</summary>
    public static PointId FirstUuid => new(UInt128.Zero, isUuid: true);

    /// <summary>The largest id: the UUID of all ones.</summary>
    public static PointId Last => new(UInt128.MaxValue, isUuid: true);

    /// <summary>Whether the id is a number, not a UUID.</summary>
    public bool IsNumber => !_isUuid;

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The id is a UUID.</exception>
    public ulong Number => _isUuid ? throw new InvalidOperationException($"point id {this} is a UUID, not a number") : (ulong)_value;

    /// <summary>The UUID.</summary>
    /// <exception cref="InvalidOperationException">The id is a number.</exception>
    public Guid Uuid => _isUuid ? ToGuid() : throw new InvalidOperationException($"point id {this} is a number, not a UUID");

    /// <summary>The number, or the UUID by its big-endian value.</summary>
    internal UInt128 Value => _value;

    /// <summary>The id of a <see cref="Value"/>.</summary>
    internal static PointId FromValue(UInt128 value, bool isUuid) => new(value, isUuid);

    /// <summary>The id of a number.</summary>
    public static PointId FromNumber(ulong number) => new(number, isUuid: false);

    /// <summary>The id of a UUID.</summary>
    public static PointId FromUuid(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), isUuid: true);
    }

    /// <summary>
    /// The point id of a corpus id. What is already a Qdrant id (see <see cref="TryParse"/>) stays itself; any other text maps
    /// to a UUIDv5 (<see cref="TextId"/>), and the caller keeps the original in the payload.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty or holds a lone surrogate.</exception>
    public static PointId FromText(string text) => TryParse(text, out var id) ? id : FromUuid(TextId.ToUuid(text));

    /// <summary>The point id of a chunk of a document: a UUIDv5 (<see cref="TextId"/>) of the document's id and the chunk's number or name.</summary>
    /// <exception cref="ArgumentException">A text is empty or holds a lone surrogate.</exception>
    public static PointId FromChunk(string document, string chunk)
    {
        ArgumentException.ThrowIfNullOrEmpty(document);
        ArgumentException.ThrowIfNullOrEmpty(chunk);

        // With the length no two pairs make one text, whatever characters they have.
        return FromUuid(TextId.ToUuid(string.Create(CultureInfo.InvariantCulture, $"chunk {document.Length} {document} {chunk}")));
    }

    /// <summary>Parses what <see cref="TryParse"/> accepts.</summary>
    /// <exception cref="FormatException">The text is no point id.</exception>
    public static PointId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is no point id: expected a decimal number from 0 to {ulong.MaxValue} or a UUID");

    /// <summary>
    /// Parses a decimal number below 2^64 without sign, spaces or leading zeros (so that no two texts name one number), or a
    /// UUID in a form that Qdrant reads: hyphenated, 32 digits, in braces, or as <c>urn:uuid:</c>; in any case of letters.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PointId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text))
            return false;
        if (text.Length <= 20 && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            id = FromNumber(number);
            return text.Length == 1 || text[0] != '0';
        }
        var digits = text.StartsWith("urn:uuid:", StringComparison.Ordinal) ? text.AsSpan(9) : text;
        var format = digits.Length switch { 36 => "D", 32 => "N", 38 when digits[0] == '{' => "B", _ => null };
        if (format is null || !Guid.TryParseExact(digits, format, out var uuid))
            return false;
        id = FromUuid(uuid);
        return true;
    }

    /// <summary>The next id in scroll order; false for <see cref="Last"/>.</summary>
    public bool TryNext(out PointId next)
    {
        var lastNumber = !_isUuid && _value == ulong.MaxValue;
        next = lastNumber ? FirstUuid : new(unchecked(_value + 1), _isUuid);
        return this != Last;
    }

    /// <inheritdoc/>
    public int CompareTo(PointId other) =>
        _isUuid == other._isUuid ? _value.CompareTo(other._value) : _isUuid.CompareTo(other._isUuid);

    /// <summary>Whether the left id comes before the right one.</summary>
    public static bool operator <(PointId left, PointId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left id comes after the right one.</summary>
    public static bool operator >(PointId left, PointId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left id comes before the right one or is it.</summary>
    public static bool operator <=(PointId left, PointId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left id comes after the right one or is it.</summary>
    public static bool operator >=(PointId left, PointId right) => left.CompareTo(right) >= 0;

    /// <summary>The decimal number, or the UUID hyphenated in lower case; <see cref="Parse"/> gives the id back.</summary>
    public override string ToString() =>
        _isUuid ? ToGuid().ToString("D", CultureInfo.InvariantCulture) : ((ulong)_value).ToString(CultureInfo.InvariantCulture);

    private Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return new Guid(bytes, bigEndian: true);
    }
}
