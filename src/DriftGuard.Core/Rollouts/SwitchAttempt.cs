namespace DriftGuard.Core.Rollouts;

/// <summary>What became of a switch.</summary>
public enum SwitchOutcome
{
    /// <summary>The call was about to be made, or its answer never came.</summary>
    Unknown,

    /// <summary>It is seen in Qdrant.</summary>
    Applied,

    /// <summary>It is certain that it never applies.</summary>
    Aborted,
}

/// <summary>An attempt to move the epoch token and the alias, recorded before the call is made.</summary>
/// <param name="To">Side that is to serve.</param>
/// <param name="From">The token before.</param>
/// <param name="Token">The token after; its nonce tells who won.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record SwitchAttempt(Side To, EpochToken From, EpochToken Token, DateTimeOffset At, SwitchOutcome Outcome)
{
    /// <summary>It finishes a switch that was applied by half, and is made again, as it is, until it is seen.</summary>
    public bool Repairs { get; init; }

    /// <summary>It was found in Qdrant after the state was restored from a backup of before it: how writes were held at it is not on record.</summary>
    public bool Found { get; init; }

    /// <summary>The attempt that is made now: to the other side; of one that was applied by half, the rest of it.</summary>
    public static SwitchAttempt Next(RolloutObservation seen, DateTimeOffset now)
    {
        var rollout = seen.Rollout;
        if (rollout.Switch is not { Outcome: SwitchOutcome.Unknown } unsettled)
        {
            return New(rollout.Serving == Side.Blue ? Side.Green : Side.Blue, rollout.ExpectedToken);
        }

        return seen.Token?.Token == unsettled.Token ? New(unsettled.To, unsettled.Token) with { Repairs = true } : unsettled;

        SwitchAttempt New(Side to, EpochToken from) => new(to, from, from.Next(), now, SwitchOutcome.Unknown);
    }
}
