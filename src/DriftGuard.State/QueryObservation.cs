using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.State;

/// <summary>A query that an index was asked, as it is kept for checks of the data.</summary>
public sealed record QueryObservation
{
    /// <summary>What tells it from others of its index, see <see cref="KeyOf"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The fingerprint of the model that embedded it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The session that it was asked in, if that is known.</summary>
    public string? Session { get; init; }

    /// <summary>When it was asked; its day is that of UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The score of its best hit, if that is known.</summary>
    public double? BestScore { get; init; }

    /// <summary>Its language, if that is known.</summary>
    public string? Language { get; init; }

    /// <summary>Its text; null where texts are not kept.</summary>
    public string? Text { get; init; }

    /// <summary>Its vector.</summary>
    public required float[] Vector { get; init; }

    /// <summary>
    /// The key of an observation: a hash of what was asked, so that one that is read a second time is known. The text decides where it is
    /// at hand, even if it is not kept: a model's vectors of a text may differ in their last bits.
    /// </summary>
    /// <param name="fingerprint">The fingerprint of the model that embedded it.</param>
    /// <param name="at">When it was asked.</param>
    /// <param name="session">The session; null where it is not known.</param>
    /// <param name="text">The text; null where it is not at hand, and the vector decides.</param>
    /// <param name="vector">The vector.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public static string KeyOf(string fingerprint, DateTimeOffset at, string? session, string? text, ReadOnlySpan<float> vector)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(fingerprint));
        Span<byte> ticks = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(ticks, at.UtcTicks);
        Append(hash, ticks);
        Append(hash, Encoding.UTF8.GetBytes(session ?? ""));
        Append(hash, text is null ? VectorBlob.Write(vector) : Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Its place in the order in which a reservoir keeps observations, smallest first: as good as random, and the same for everyone.</summary>
    internal static long PriorityOf(long seed, string key)
    {
        Span<byte> seeded = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(seeded, seed);
        return BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData([.. seeded, .. Encoding.UTF8.GetBytes(key)]));
    }

    // With its length, so that no two sequences of parts are the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

/// <summary>How many observations are kept, and which.</summary>
/// <param name="CapacityPerDay">The most of an index and a day, at least 1.</param>
/// <param name="Days">The days that are kept, today included, at least 1.</param>
/// <param name="Seed">Decides which are kept; the same for all that feed an index.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReservoirLimits(int CapacityPerDay, int Days, long Seed);

/// <summary>What became of observations that were offered.</summary>
/// <param name="Offered">How many there were.</param>
/// <param name="Kept">How many of them the reservoir holds now, those that it held before included.</param>
/// <param name="TooOld">How many were of days that are not kept any more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QueryIntake(int Offered, int Kept, int TooOld);

/// <summary>The observations of an index on one day.</summary>
/// <param name="Day">The day in UTC.</param>
/// <param name="Kept">How many are kept.</param>
/// <param name="Seen">How many were offered; one that was offered twice counts twice, as what was evicted is not remembered.</param>
/// <param name="MeanBestScore">The mean score of the best hits of those that are kept; null where none is known.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QueryDay(DateOnly Day, int Kept, long Seen, double? MeanBestScore);
