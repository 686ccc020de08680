namespace DriftGuard.Worker.Rollouts;

/// <summary>What a process remembers of a rollout that it looks after.</summary>
internal interface IRolloutMemory
{
    /// <summary>The rollout needs no more attention, or another process looks after it now.</summary>
    void Forget(string rolloutId);
}
