using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Worker.Drift.Scheduling;

/// <summary>How long a check is put off after its time, so that many indexes do not begin at once.</summary>
internal static class DriftJitter
{
    /// <summary>A delay that is spread evenly over indexes and schedules, and the same for each every time and in every process.</summary>
    /// <param name="index">The index.</param>
    /// <param name="schedule">The schedule's name.</param>
    /// <param name="within">The delays are below it, from zero on.</param>
    public static TimeSpan Of(string index, string schedule, TimeSpan within)
    {
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{index}\n{schedule}")));
        return TimeSpan.FromTicks((long)(((UInt128)hash * (ulong)within.Ticks) >> 64));
    }
}
