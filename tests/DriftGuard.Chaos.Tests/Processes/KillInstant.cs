using DriftGuard.Chaos.Tests.Faults;

namespace DriftGuard.Chaos.Tests.Processes;

/// <summary>When a worker is killed: some time after its start, some time after it serves, or as one of its calls passes by.</summary>
/// <param name="AfterStart">Time after its start; null: not so early.</param>
/// <param name="AfterServing">Time after it serves; with a call, the most that it is waited for.</param>
/// <param name="Method">The gRPC method of the call; null: by time alone.</param>
/// <param name="Moment">Where the call is.</param>
/// <param name="Nth">Which of them.</param>
internal sealed record KillInstant(TimeSpan? AfterStart, TimeSpan AfterServing, string? Method, CallMoment Moment, int Nth)
{
    private const int LatestAtStart = 900;
    private const int LatestServing = 2_500;

    // Long enough for what comes only after a worker has waited for late writes of the one before: fence, final pass and switch.
    private const int LatestOfLongLives = 8_000;
    private static readonly TimeSpan PatienceForCall = TimeSpan.FromSeconds(10);

    // Alias changes are few and decide most, so they are picked more often than they come.
    private static readonly (string Method, int Most)[] Calls =
        [("UpdateAliases", 1), ("UpdateAliases", 1), ("UpdateAliases", 2), ("Upsert", 8), ("Delete", 2), ("OverwritePayload", 2), ("Create", 1), ("Scroll", 20)];

    /// <summary>Draws one.</summary>
    public static KillInstant Next(Random random)
    {
        var (serving, longer) = (TimeSpan.FromMilliseconds(random.Next(LatestServing)), TimeSpan.FromMilliseconds(random.Next(LatestOfLongLives)));
        var (method, most) = Calls[random.Next(Calls.Length)];
        var (moment, nth) = (random.Next(2) == 0 ? CallMoment.BeforeQdrant : CallMoment.AfterQdrant, random.Next(1, most + 1));
        return random.Next(100) switch
        {
            < 15 => new(TimeSpan.FromMilliseconds(random.Next(20, LatestAtStart)), default, null, default, 0),
            < 55 => new(null, serving, null, default, 0),
            < 70 => new(null, longer, null, default, 0),
            _ => new(null, PatienceForCall, method, moment, nth),
        };
    }
}
