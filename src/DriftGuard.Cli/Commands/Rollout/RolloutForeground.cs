using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>
/// Follows a rollout in the foreground until it ends, soaks, or waits for a person: runs it where this process owns the data folder,
/// watches the owner run it otherwise, and goes on itself where the owner is gone.
/// </summary>
internal static class RolloutForeground
{
    private const int FailuresInARow = 6;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // For a command that has the data folder and does not run this rollout: most end in a moment, loading a corpus does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Follows, then reports.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="throughSoak">Go on until the soak is over.</param>
    /// <param name="wished">Where the person wants it to rest, such as aborted; nothing else is a success then.</param>
    /// <param name="request">Sequence of the request that the rollout has to see first; 0 if there is none.</param>
    public static async Task<ExitCode> FollowAsync(
        CommandContext context, Engine engine, string rolloutId, bool throughSoak, RolloutPhase? wished = null, long request = 0)
    {
        await context.WithProgressAsync(async progress =>
        {
            if (engine.Endpoint.IsShared)
            {
                await RunOrWatchAsync(context, engine, rolloutId, throughSoak, request, progress);
            }
            else if (engine.Endpoint.HoldsDataFolder)
            {
                await RunAsync(context, engine, rolloutId, throughSoak, progress);
            }
            else if (await WatchAsync(context, engine, rolloutId, throughSoak, request) is { } successor)
            {
                await using (successor)
                {
                    await RunAsync(context, successor, rolloutId, throughSoak, progress);
                }
            }
        });
        return Told(context, await engine.RolloutViews.ReadAsync(rolloutId, context.CancellationToken), wished);
    }

    /// <summary>Reports where a rollout rests.</summary>
    public static ExitCode Told(CommandContext context, RolloutView view, RolloutPhase? wished)
    {
        context.Report(view, RolloutText.Write);
        if (wished is { } phase && phase != view.Rollout.Phase)
        {
            context.Note($"[yellow]{view.Rollout.Id} did not become {phase}: it is {view.Rollout.Phase}[/]");
        }

        return RolloutRest.CodeOf(view.Rollout, wished);
    }

    /// <summary>Watches for as long as another process looks after the rollout, and does it where none does.</summary>
    private static async Task RunOrWatchAsync(
        CommandContext context, Engine engine, string rolloutId, bool throughSoak, long request, IProgressReporter progress)
    {
        var told = false;
        while (await RunAsync(context, engine, rolloutId, throughSoak, progress) is null)
        {
            if (RolloutRest.IsReached(await engine.Rollouts.FindAsync(rolloutId, context.CancellationToken), throughSoak, request))
            {
                return;
            }

            if (!told)
            {
                context.Note($"[grey]another process looks after it; watching[/]");
                told = true;
            }

            await Task.Delay(LookAgain, context.Time, context.CancellationToken);
        }
    }

    private static async Task<RolloutDecision?> RunAsync(CommandContext context, Engine engine, string rolloutId, bool throughSoak, IProgressReporter progress)
    {
        engine.Endpoint.PublishRollout(rolloutId);
        return await ShownAsync(engine, rolloutId, progress, () => engine.Runner.RunAsync(rolloutId, new()
        {
            Until = decision => RolloutRest.IsAt(decision.Phase, decision.Action, throughSoak),
            GiveUpAfter = FailuresInARow,
            OnFailure = (failure, again) => context.Note($"[yellow]a step failed and is tried again in {again.TotalSeconds:0.0} s:[/] {failure.Message}"),
        }, context.CancellationToken), context.CancellationToken);
    }

    /// <summary>Does work on a rollout and shows how far it is meanwhile.</summary>
    public static async Task<T> ShownAsync<T>(Engine engine, string rolloutId, IProgressReporter progress, Func<Task<T>> work, CancellationToken cancellation)
    {
        using var shown = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var showing = ShowAsync(engine, rolloutId, progress, shown.Token);
        try
        {
            return await work();
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }
    }

    /// <summary>Watches until the rollout rests.</summary>
    /// <returns>Null then; where nobody holds the data folder any more, the engine that holds it now and has to go on.</returns>
    /// <exception cref="CommandException">Who holds it does not run the rollout, and does not end soon.</exception>
    private static async Task<Engine?> WatchAsync(CommandContext context, Engine engine, string rolloutId, bool throughSoak, long request)
    {
        var idleSince = context.Time.GetTimestamp();
        var (told, failure) = ("", "");
        while (true)
        {
            var (successor, holder) = await engine.TryTakeOverAsync(context.CancellationToken);
            if (successor is not null)
            {
                context.Note($"[grey]nobody else holds the data folder any more; going on here[/]");
                return successor;
            }

            if (holder is not null && holder.Runs(rolloutId))
            {
                idleSince = context.Time.GetTimestamp();
                Tell($"{holder} holds the data folder and runs it; watching");
                var rollout = await engine.Rollouts.FindAsync(rolloutId, context.CancellationToken);
                if (RolloutRest.IsReached(rollout, throughSoak, request))
                {
                    return null;
                }

                if (rollout.LastFailure is { } last && last.Message != failure)
                {
                    context.Note($"[yellow]a step failed and is tried again:[/] {failure = last.Message}");
                }
            }
            else
            {
                if (holder?.Role == LeaseHolder.Qdrant || context.Time.GetElapsedTime(idleSince) > Patience)
                {
                    throw new CommandException(
                        ExitCode.Conflict,
                        $"{rolloutId} is recorded, and nobody runs it: {holder?.ToString() ?? "another process"} holds the data folder and does not",
                        $"Once that has ended: driftguard rollout resume {rolloutId}, or driftguard serve.");
                }

                Tell($"{holder?.ToString() ?? "another process"} holds the data folder and does not run it; waiting");
            }

            await Task.Delay(LookAgain, context.Time, context.CancellationToken);
        }

        void Tell(string what)
        {
            if (what != told)
            {
                context.Note($"[grey]{told = what}[/]");
            }
        }
    }

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

                current.Value.Task.Note(engine.Progress.NoteOf(rolloutId));
                current.Value.Task.Report(now.Done);
            }

            await Task.Delay(LookAgain, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
