using System.Security.Cryptography;

namespace DriftGuard.Core.Rollouts;

/// <summary>What a rollout is to hold applications' writes with for its final pass.</summary>
public enum FenceMode
{
    /// <summary>The write alias where the index has one, else nothing.</summary>
    Auto,

    /// <summary>The write alias; an index without one is given it before anything is copied.</summary>
    Alias,

    /// <summary>Strict mode on the collection that serves: errors for every writer, by whatever name. Single node only.</summary>
    StrictMode,

    /// <summary>DriftGuard's own way: applications write through it alone, and it keeps an outbox of what they write.</summary>
    Gateway,

    /// <summary>Nothing: what is written around the switch is merged after it as far as can be told, may be lost all the same, and every report says so.</summary>
    None,
}

/// <summary>The form of a fence. In each of them writes through DriftGuard are held too, by a hold on record under the fence's nonce.</summary>
public enum FenceKind
{
    /// <summary>The write alias is renamed: writers through it find no such collection and try again.</summary>
    Alias,

    /// <summary>The collection that serves refuses writes.</summary>
    StrictMode,

    /// <summary>Nothing but the hold of what goes through DriftGuard.</summary>
    Gateway,
}

/// <summary>
/// What holds applications' writes for the final pass. It is recorded before the call that raises it. By alias, one call renames
/// <c>{index}-write</c> to <c>{index}.fence.{nonce}</c>, and the way back renames it again: each applies only from where it was meant to
/// begin, so that a call that arrives late neither opens a fence of later nor re-points anything.
/// </summary>
/// <param name="Kind">Its form.</param>
/// <param name="Nonce">Names this raising among others.</param>
/// <param name="Collection">The collection that served when it was raised.</param>
/// <param name="RaisedAt">When it was recorded.</param>
public sealed record WriteFence(FenceKind Kind, string Nonce, string Collection, DateTimeOffset RaisedAt)
{
    /// <summary>A hold of writes through DriftGuard ends when a fence is lowered, as other forms do, and not by a time that a clock could be wrong about.</summary>
    public static readonly TimeSpan HoldsUntilLowered = TimeSpan.FromDays(3_650);

    /// <summary>How long strict mode lets no operation of others through: its limit of one a minute gives the next one then.</summary>
    public static readonly TimeSpan StrictModeHolds = TimeSpan.FromSeconds(55);

    /// <summary>
    /// The call that raises a fence is made within this time after it was recorded, or not at all: one of a process that stood still for longer would
    /// come when nobody looks for it any more.
    /// </summary>
    public static readonly TimeSpan RaisedWithin = TimeSpan.FromMinutes(1);

    /// <summary>Until when a call that raises a fence which is recorded now may still arrive.</summary>
    public static DateTimeOffset MayRiseUntil(DateTimeOffset now) => now + RaisedWithin + RolloutDecider.LongestLateness;

    /// <summary>How long it may be up.</summary>
    public TimeSpan Limit(RolloutSettings settings) =>
        Kind == FenceKind.StrictMode && settings.FenceLimit > StrictModeHolds ? StrictModeHolds : settings.FenceLimit;

    /// <summary>A new fence around the writes to a collection.</summary>
    public static WriteFence New(FenceKind kind, string collection, DateTimeOffset now) =>
        new(kind, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), collection, now);

    /// <summary>The alias that applications write through.</summary>
    public static string WriteAlias(string index) => $"{index}-write";

    /// <summary>
    /// An alias that is created in the call that raises the fence, and means nothing: a call that only takes an alias away is
    /// acknowledged before every part of Qdrant has seen it, one that also creates one is not.
    /// </summary>
    public static string SyncAlias(string index) => $"{index}.sync";

    /// <summary>What the write alias is called while it is up.</summary>
    public string AliasOf(string index) => AliasOf(index, Nonce);

    /// <summary>What the write alias is called while a fence of this nonce is up.</summary>
    public static string AliasOf(string index, string nonce) => $"{index}.fence.{nonce}";

    /// <summary>The nonce of a fence's alias; null if the alias is none of this index.</summary>
    public static string? NonceOf(string index, string alias)
    {
        var prefix = $"{index}.fence.";
        return alias.Length > prefix.Length && alias.StartsWith(prefix, StringComparison.Ordinal) ? alias[prefix.Length..] : null;
    }
}

/// <summary>What is seen of the ways that writes take.</summary>
public sealed record FenceSeen
{
    /// <summary>Collection that the write alias points to; null if there is no such alias.</summary>
    public string? WriteTarget { get; init; }

    /// <summary>Nonces of the fences by alias that are seen, with the collections that their aliases point to.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The alias of <see cref="WriteFence.SyncAlias"/> is there.</summary>
    public bool SyncAlias { get; init; }

    /// <summary>The collection of the recorded fence refuses writes by strict mode.</summary>
    public bool StrictMode { get; init; }

    /// <summary>Nonce of the fence that holds the writes which go through DriftGuard; null if none does.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Writes that go through DriftGuard were begun and may still be applied.</summary>
    public bool WritesUnderWay { get; init; }

    /// <summary>The index has a write alias, be it renamed at the moment.</summary>
    public bool HasWriteAlias => WriteTarget is not null || Aliases.Count > 0;

    /// <summary>This fence holds all writes: those past DriftGuard in its own form, and those through it, none of which is under way any more.</summary>
    public bool IsUp(WriteFence fence) => HoldsOthers(fence) && HeldBy == fence.Nonce && !WritesUnderWay;

    /// <summary>This fence holds the writes that do not go through DriftGuard.</summary>
    public bool HoldsOthers(WriteFence fence) => fence.Kind switch
    {
        FenceKind.Alias => WriteTarget is null && Aliases.ContainsKey(fence.Nonce),
        FenceKind.StrictMode => StrictMode,
        _ => true,
    };
}
