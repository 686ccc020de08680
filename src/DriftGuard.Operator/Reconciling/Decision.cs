using System.Security.Cryptography;
using System.Text;
using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Reconciling;

/// <summary>What follows from what was seen of a resource.</summary>
/// <param name="Status">What is said of it.</param>
/// <param name="Actions">What is done, in this order.</param>
/// <param name="Again">After which time it is looked at again, if nothing happens before.</param>
/// <typeparam name="TStatus">Its status.</typeparam>
internal sealed record Decision<TStatus>(TStatus Status, IReadOnlyList<OperatorAction> Actions, TimeSpan Again)
    where TStatus : ResourceStatus
{
    /// <summary>The same with something else to do.</summary>
    public Decision<TStatus> And(params IEnumerable<OperatorAction> more) => this with { Actions = [.. Actions, .. more] };
}

/// <summary>When resources are looked at again.</summary>
internal static class Pace
{
    /// <summary>Something was done, and its effect is to be seen.</summary>
    public static TimeSpan AtOnce { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Something is under way.</summary>
    public static TimeSpan UnderWay { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Everything is as it was declared.</summary>
    public static TimeSpan Settled { get; } = TimeSpan.FromMinutes(1);

    /// <summary>A moment as conditions have it.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

/// <summary>What is wished of the installation, which may have been refused before.</summary>
internal static class Wishes
{
    private const int MostDoublings = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);

    /// <summary>The refusal of an action for a generation; null where there was none.</summary>
    public static Refusal? Before(Refusal? refusal, OperatorAction action, long generation) =>
        refusal is not null && refusal.Action == action.Name && refusal.Generation == generation ? refusal : null;

    /// <summary>After which time what was refused is tried again.</summary>
    public static TimeSpan Pause(Refusal refusal) => FirstPause * Math.Pow(2, Math.Clamp(refusal.Attempts - 1, 0, MostDoublings));

    /// <summary>Whether it is tried again now.</summary>
    public static bool IsDue(Refusal? refusal, DateTimeOffset now) => refusal is null || now >= refusal.At + Pause(refusal);

    /// <summary>What is said where an action was just refused.</summary>
    public static TStatus Refused<TStatus>(TStatus status, OperatorAction action, long generation, string message, DateTimeOffset now)
        where TStatus : ResourceStatus =>
        status is ActingStatus acting ? (TStatus)(ResourceStatus)(acting with { Refusal = Again(acting.Refusal, action, generation, message, now) }) : status;

    /// <summary>A refusal that was just met.</summary>
    public static Refusal Again(Refusal? before, OperatorAction action, long generation, string message, DateTimeOffset now) => new()
    {
        Action = action.Name,
        Message = message,
        Generation = generation,
        Attempts = (Before(before, action, generation)?.Attempts ?? 0) + 1,
        At = now,
    };

    /// <summary>The key of an act: of the resource, what is done, for which generation, and how often it was refused before.</summary>
    /// <param name="uid">The resource.</param>
    /// <param name="action">What is done.</param>
    /// <param name="generation">The generation for which it is.</param>
    /// <param name="refusal">Its refusal before.</param>
    /// <param name="more">What else tells one such act from another.</param>
    public static string Key(string uid, OperatorAction action, long generation, Refusal? refusal, string more = "") => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(FormattableString.Invariant($"{uid}\n{action.Name}\n{generation}\n{refusal?.Attempts ?? 0}\n{more}"))));

    /// <summary>
    /// Decides for an action: done now where it was not refused, or long enough ago. What was refused is a person's matter until it is not any more.
    /// </summary>
    /// <param name="status">What is said otherwise.</param>
    /// <param name="action">The action.</param>
    /// <param name="uid">The resource.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="now">The time.</param>
    /// <param name="conditions">The conditions: with the refusal's message where it was refused, and null where it was not.</param>
    /// <param name="more">What else tells one such act from another.</param>
    public static Decision<TStatus> Decide<TStatus>(
        TStatus status, OperatorAction action, string uid, long generation, DateTimeOffset now, Func<string?, IReadOnlyList<Condition>> conditions, string more = "")
        where TStatus : ActingStatus
    {
        var refusal = Before(status.Refusal, action, generation);
        var said = status with
        {
            Conditions = conditions(refusal?.Message),
            Refusal = refusal,
        };
        return IsDue(refusal, now)
            ? new(said, [action with { Key = Key(uid, action, generation, refusal, more) }], Pace.AtOnce)
            : new(said, [], refusal!.At + Pause(refusal) - now);
    }
}
