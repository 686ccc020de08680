using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>
/// Follows a rollout in the foreground until it ends, soaks, or waits for a person: runs it where this process owns the data folder,
/// and watches the owner run it otherwise.
/// </summary>
internal static class RolloutForeground
{
    private const int FailuresInARow = 6;
    // The one that runs the rollout looks at requests every second.
    private static readonly TimeSpan LongestUntilSeen = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <summary>Follows, then reports.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="throughSoak">Go on until the soak is over.</param>
    /// <param name="wished">Where the person wants it to end, such as aborted; that is a success then.</param>
    /// <param name="requestedAt">When the request was made that the rollout has to see first.</param>
    public static async Task<ExitCode> FollowAsync(
        CommandContext context, Engine engine, string rolloutId, bool throughSoak, RolloutPhase? wished = null, DateTimeOffset? requestedAt = null)
    {
        await context.WithProgressAsync(async progress =>
        {
            using var shown = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            var showing = ShowAsync(engine, rolloutId, progress, shown.Token);
            try
            {
                await (engine.Endpoint.HoldsDataFolder
                    ? RunAsync(context, engine, rolloutId, throughSoak)
                    : WatchAsync(context, engine, rolloutId, throughSoak, requestedAt));
            }
            finally
            {
                await shown.CancelAsync();
                await showing;
            }
        });
        var view = await RolloutView.ReadAsync(engine, rolloutId, context.CancellationToken);
        context.Report(view, RolloutView.Write);
        return CodeOf(view.Rollout, wished);
    }

    /// <summary>The exit code of where a rollout stands.</summary>
    public static ExitCode CodeOf(Core.Rollouts.Rollout rollout, RolloutPhase? wished) => rollout.Phase switch
    {
        var phase when phase == wished => ExitCode.Success,
        RolloutPhase.Completed or RolloutPhase.Soaking => ExitCode.Success,
        RolloutPhase.AwaitingApproval => ExitCode.Inconclusive,
        RolloutPhase.Paused when rollout.Reason is RolloutReason.GateInconclusive or RolloutReason.PauseRequested => ExitCode.Inconclusive,
        RolloutPhase.Paused when rollout.Reason is RolloutReason.GateBlocked => ExitCode.Refused,
        RolloutPhase.Failed when rollout.Reason is RolloutReason.GateRefused or RolloutReason.PreflightRefused => ExitCode.Refused,
        RolloutPhase.RolledBack => ExitCode.Refused,
        _ => ExitCode.Conflict,
    };

    private static Task RunAsync(CommandContext context, Engine engine, string rolloutId, bool throughSoak) => engine.Runner.RunAsync(rolloutId, new()
    {
        Until = decision => Rests(decision.Phase, decision.Action, throughSoak),
        GiveUpAfter = FailuresInARow,
        OnFailure = (failure, again) => context.Note($"[yellow]a step failed and is tried again in {again.TotalSeconds:0.0} s:[/] {failure.Message}"),
    }, context.CancellationToken);

    private static async Task WatchAsync(CommandContext context, Engine engine, string rolloutId, bool throughSoak, DateTimeOffset? requestedAt)
    {
        context.Note($"[grey]{engine.Endpoint.Owner} holds the data folder and runs it; watching[/]");
        while (true)
        {
            var rollout = await engine.Rollouts.FindAsync(rolloutId, context.CancellationToken);
            var seen = requestedAt is null || rollout.PhaseSince >= requestedAt || context.Time.GetUtcNow() - requestedAt > LongestUntilSeen;
            if (seen && Rests(rollout.Phase, RolloutAction.Wait, throughSoak))
            {
                return;
            }

            await Task.Delay(LookAgain, context.Time, context.CancellationToken);
        }
    }

    private static bool Rests(RolloutPhase phase, RolloutAction action, bool throughSoak) =>
        phase.IsEnd()
        || (action == RolloutAction.Wait && phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval)
        || (phase == RolloutPhase.Soaking && !throughSoak);

    private static async Task ShowAsync(Engine engine, string rolloutId, IProgressReporter progress, CancellationToken cancellation)
    {
        (string What, IProgressTask Task)? current = null;
        while (!cancellation.IsCancellationRequested)
        {
            if (engine.Progress.Now(rolloutId) is { } now)
            {
                if (current?.What != now.What)
                {
                    current = (now.What, progress.Task(now.What, Math.Max(1, now.Total), now.Before));
                }

                current.Value.Task.Report(now.Done);
            }

            await Task.Delay(LookAgain, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
