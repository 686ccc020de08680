using DriftGuard.Chaos.Tests.Faults;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Chaos.Tests.Processes;

/// <summary>
/// When a worker is killed: some time after its start, or once it serves as one of its calls passes by, or as a rollout is seen in a phase.
/// Calls and phases tell how far it has come, however slow the machine is.
/// </summary>
/// <param name="AfterStart">Time after its start; null: not so early.</param>
/// <param name="Method">The gRPC method of the call; null: any.</param>
/// <param name="Moment">Where the call is.</param>
/// <param name="Nth">Which of them, from 1.</param>
internal sealed record KillInstant(TimeSpan? AfterStart, string? Method, CallMoment Moment, int Nth)
{
    /// <summary>Where a rollout spends its time, and where it decides: kills that met none of these would show little.</summary>
    public static readonly IReadOnlyList<RolloutPhase> PhasesToDieIn = [RolloutPhase.Copying, RolloutPhase.CuttingOver, RolloutPhase.Soaking];

    /// <summary>How long a call or a phase is waited for that may not come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private const int LatestAtStart = 1_200;
    private const int MostCalls = 60;

    // Long enough for what comes only after a worker has waited for late writes of the one before: fence, final pass and switch.
    private const int MostCallsOfLongLives = 300;

    // Alias changes are few and decide most, so they are picked more often than they come.
    private static readonly (string Method, int Most)[] Calls =
        [("UpdateAliases", 1), ("UpdateAliases", 1), ("UpdateAliases", 2), ("Upsert", 8), ("Delete", 2), ("OverwritePayload", 2), ("Create", 1), ("Scroll", 20)];

    /// <summary>The phase that is waited for in place of a call; null: none.</summary>
    public RolloutPhase? Phase { get; init; }

    /// <summary>Draws one.</summary>
    public static KillInstant Next(Random random)
    {
        var start = TimeSpan.FromMilliseconds(random.Next(20, LatestAtStart));
        var moment = random.Next(2) == 0 ? CallMoment.BeforeQdrant : CallMoment.AfterQdrant;
        var (method, most) = Calls[random.Next(Calls.Length)];
        var (few, many, nth) = (random.Next(1, MostCalls + 1), random.Next(1, MostCallsOfLongLives + 1), random.Next(1, most + 1));
        return random.Next(100) switch
        {
            < 20 => new(start, null, default, 0),
            < 55 => new(null, null, moment, few),
            < 62 => new(null, null, moment, many),
            < 74 => new(null, null, default, 0) { Phase = PhasesToDieIn[few % PhasesToDieIn.Count] },
            _ => new(null, method, moment, nth),
        };
    }
}
