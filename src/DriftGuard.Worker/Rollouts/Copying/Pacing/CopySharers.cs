namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>Among how many processes the rates of a rollout are divided.</summary>
public interface ICopySharers
{
    /// <summary>Processes that copy a rollout now, this one included.</summary>
    int Of(string rolloutId);
}

/// <summary>One process copies.</summary>
internal sealed class OneCopier : ICopySharers
{
    public int Of(string rolloutId) => 1;
}
