namespace DriftGuard.Core.Rollouts.Shadow;

/// <summary>What green can answer of live queries before the cutover.</summary>
public enum ShadowReadiness
{
    /// <summary>Nothing: it lacks documents, or it serves by itself.</summary>
    None,

    /// <summary>It holds what blue holds, and is searched point by point until its index is built: its answers can be compared, its times cannot.</summary>
    Whole,

    /// <summary>Its index is built as well.</summary>
    Indexed,
}

/// <summary>Which rollouts have their live queries answered by green.</summary>
public static class ShadowRules
{
    /// <summary>What green of a rollout can answer.</summary>
    public static ShadowReadiness Of(Rollout rollout)
    {
        // After the first pass nothing is missing but what was written since.
        if (rollout is not { Serving: Side.Blue, EndedAt: null, Failure: null, LastPass: not null })
        {
            return ShadowReadiness.None;
        }

        return rollout.Phase switch
        {
            RolloutPhase.Evaluating or RolloutPhase.AwaitingApproval => ShadowReadiness.Indexed,
            RolloutPhase.CatchingUp or RolloutPhase.Indexing or RolloutPhase.Paused => rollout.Gate is null ? ShadowReadiness.Whole : ShadowReadiness.Indexed,
            _ => ShadowReadiness.None,
        };
    }
}
