using System.Runtime.InteropServices;

namespace DriftGuard.State;

/// <summary>Writes to an index that go through DriftGuard are held.</summary>
/// <param name="Index">The index.</param>
/// <param name="Nonce">Who holds them: only the same nonce releases or extends the hold.</param>
/// <param name="Until">When it ends by itself, by the database's clock.</param>
public sealed record WriteHold(string Index, string Nonce, DateTimeOffset Until);

/// <summary>What goes on with the writes to an index that go through DriftGuard.</summary>
/// <param name="Hold">What holds them; null if nothing does.</param>
/// <param name="UnderWay">Some were begun and may still be applied: nobody has said yet that they are done.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WriteTraffic(WriteHold? Hold, bool UnderWay);

/// <summary>What came of marking ids as dirty.</summary>
/// <param name="Sequence">The mark's sequence, higher than that of any mark before it; 0 where it was refused.</param>
/// <param name="LeaseEpoch">The latest lease epoch that was given out; 0 where it was refused.</param>
/// <param name="Hold">The hold that refused it; null where none did.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DirtyMark(long Sequence, long LeaseEpoch, WriteHold? Hold)
{
    /// <summary>It was refused since some of the ids are being written.</summary>
    public bool Busy { get; init; }

    /// <summary>Whether nothing was marked, and nothing may be written.</summary>
    public bool Refused => Hold is not null || Busy;
}

/// <summary>What a write through DriftGuard does to its points.</summary>
public enum WriteKind
{
    /// <summary>It inserts or replaces them; of several the one that was marked last stays, in whatever order they are applied.</summary>
    Put,

    /// <summary>It makes them from what is stored: what is applied after that was read, and was marked before it, would be lost.</summary>
    Edit,

    /// <summary>It deletes them: what is applied after it, and was marked before it, would bring them back.</summary>
    Delete,
}

/// <summary>An id whose point may differ between the two collections.</summary>
/// <param name="PointId">The point, as Qdrant prints its id.</param>
/// <param name="Sequence">That of its latest mark.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DirtyId(string PointId, long Sequence);
