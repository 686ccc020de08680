using System.Runtime.InteropServices;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Proof;

namespace DriftGuard.Core.Rollouts.Merging;

/// <summary>What happened to a point on the old side around the switch, as far as it is to be carried over.</summary>
public enum LateWrite
{
    /// <summary>Nothing, or something that the new side overrules.</summary>
    None,

    /// <summary>Its text was changed, or a vector that goes along with it: embed it again.</summary>
    Edited,

    /// <summary>Its payload alone was changed.</summary>
    PayloadEdited,

    /// <summary>It was added.</summary>
    Added,

    /// <summary>It was deleted, if its absence is confirmed.</summary>
    Deleted,
}

/// <summary>What the two sides of a switch hold under one id.</summary>
/// <param name="Known">The id is among those at the switch.</param>
/// <param name="Old">What the side that served before holds; null for nothing.</param>
/// <param name="New">What the side that serves now holds; null for nothing.</param>
/// <param name="Stamp">The new side's stamp; null if there is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MergedPoint(bool Known, PointDigest? Old, PointDigest? New, Stamp? Stamp)
{
    /// <summary>The old side's vectors of other models are not those that went along with the stamp.</summary>
    public bool OtherVectorsDiffer { get; init; }

    /// <summary>Its text could not be embedded.</summary>
    public bool Parked { get; init; }
}

/// <summary>
/// The three-way merge of one point. The base is the new side's stamp, which says what the old side held when the last pass read it, and whether the
/// id was there at all. Where both sides have changed since, the new side wins.
/// </summary>
public static class ThreeWayMerge
{
    /// <summary>What of the old side is to be carried over.</summary>
    /// <param name="point">What both sides hold.</param>
    /// <param name="fingerprint">Of the model that the new side's points are stamped by.</param>
    /// <param name="atTheSwitch">The highest revision there was at the switch; what has a later one was written since.</param>
    public static LateWrite Judge(MergedPoint point, string fingerprint, Revision atTheSwitch) => point switch
    {
        { New: null, Old: { }, Known: false, Parked: false } => LateWrite.Added,
        { New: null } => LateWrite.None,
        _ when !IsAsAtTheSwitch(point, fingerprint, atTheSwitch) => LateWrite.None,
        { Old: null } => point.Known ? LateWrite.Deleted : LateWrite.None,
        { Stamp.Pending: { } } or { OtherVectorsDiffer: true } => LateWrite.Edited,
        { Old: { } old, Stamp: { } stamp } when old.ContentHash != stamp.ContentHash => LateWrite.Edited,
        { Old: { } old, Stamp: { } stamp } => old.PayloadHash == stamp.PayloadHash ? LateWrite.None : LateWrite.PayloadEdited,
        _ => LateWrite.None,
    };

    /// <summary>An update that is pending is one of the merge itself, which was cut off.</summary>
    private static bool IsAsAtTheSwitch(MergedPoint point, string fingerprint, Revision atTheSwitch) =>
        point is { Stamp: { } stamp, New: { } found }
        && stamp.Fingerprint == fingerprint && stamp.ContentHash == found.ContentHash && stamp.PayloadHash == found.PayloadHash
        && (stamp.Pending is not null || stamp.Revision <= atTheSwitch);
}
