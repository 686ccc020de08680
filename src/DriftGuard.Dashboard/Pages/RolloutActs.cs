using DriftGuard.Core.Rollouts;

namespace DriftGuard.Dashboard.Pages;

/// <summary>What can be done with a rollout on its page.</summary>
/// <param name="Name">The action of the API.</param>
/// <param name="Label">What the button says.</param>
/// <param name="Done">What is said once it is asked for.</param>
/// <param name="Confirm">What is asked before; null for nothing.</param>
/// <param name="When">Whether it makes sense where a rollout stands: the API refuses what does not.</param>
internal sealed record RolloutAct(string Name, string Label, string Done, string? Confirm, Func<Rollout, bool> When);

/// <summary>All that can be done.</summary>
internal static class RolloutActs
{
    public static IReadOnlyList<RolloutAct> All { get; } =
    [
        new("approve", "Approve the cutover", "The cutover is approved.", null, rollout => rollout.Phase == RolloutPhase.AwaitingApproval),
        new("pause", "Pause", "A pause is asked for.", null, rollout => Runs(rollout) && rollout.Phase != RolloutPhase.Paused && rollout.Serving == Side.Blue),
        new("resume", "Resume", "It is asked to go on.", null, rollout => Runs(rollout) && rollout.Serving == Side.Blue && rollout.Phase is RolloutPhase.Paused or RolloutPhase.Evaluating),
        new("promote", "Promote: end the soak", "The new model is accepted.", "Accept the new model now, and end the soak?", rollout => rollout.Phase == RolloutPhase.Soaking),
        new("rollback", "Roll back", "The way back is asked for.", "Switch the index back to the old model?",
            rollout => rollout is { Serving: Side.Green, Retiring: false } && rollout.Phase is RolloutPhase.Soaking or RolloutPhase.Completed),
        new("abort", "Abort", "It is asked to end.", "End this rollout and remove its shadow collection?", rollout => Runs(rollout) && rollout.Serving == Side.Blue),
    ];

    /// <summary>An action by its name.</summary>
    public static RolloutAct? Find(string name) => All.FirstOrDefault(act => act.Name == name);

    private static bool Runs(Rollout rollout) => rollout.EndedAt is null;
}
