using System.Globalization;

namespace DriftGuard.Core.Points;

/// <summary>
/// Who wrote a point last, and in which order: lease epoch first, then sequence, as one sortable integer. It stays below 2^53
/// because Qdrant's range conditions are doubles, and a monotone write (<c>must_not [r >= x]</c>) must compare exactly.
/// </summary>
public readonly record struct Revision : IComparable<Revision>
{
    /// <summary>The largest lease epoch: 21 bits.</summary>
    public const int MaxEpoch = (1 << 21) - 1;

    private Revision(long value) => Value = value;

    /// <summary>Epoch x 2^32 + sequence, from 0 to 2^53 - 1: what the stamp holds as <c>r</c>.</summary>
    public long Value { get; }

    /// <summary>The epoch of the lease that the writer held.</summary>
    public int Epoch => (int)(Value >> 32);

    /// <summary>The order of the write within the epoch.</summary>
    public uint Sequence => (uint)Value;

    /// <summary>The revision of an epoch and a sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is negative or above <see cref="MaxEpoch"/>.</exception>
    public static Revision Of(int epoch, uint sequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, MaxEpoch);
        return new(((long)epoch << 32) | sequence);
    }

    /// <summary>The revision of a stamp's integer; false if it is none.</summary>
    public static bool TryFromValue(long value, out Revision revision)
    {
        var valid = value >= 0 && value >> 32 <= MaxEpoch;
        revision = valid ? new(value) : default;
        return valid;
    }

    /// <inheritdoc/>
    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left revision is older.</summary>
    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    /// <summary>Whether the left revision is newer.</summary>
    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    /// <summary>Whether the left revision is older or the same.</summary>
    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    /// <summary>Whether the left revision is newer or the same.</summary>
    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    /// <summary>Epoch and sequence, for people: <c>7.120</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Sequence}");
}
