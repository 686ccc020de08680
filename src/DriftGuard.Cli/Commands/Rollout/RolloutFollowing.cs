using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>Follows a rollout that a server looks after until it ends, soaks, or waits for a person.</summary>
internal static class RolloutFollowing
{
    private const int LostInARow = 10;
    private static readonly TimeSpan ComeBackAfter = TimeSpan.FromSeconds(3);

    /// <summary>Follows, then reports, as <see cref="RolloutForeground.FollowAsync"/> does here.</summary>
    public static async Task<ExitCode> FollowAsync(CommandContext context, ApiClient server, string rolloutId, bool throughSoak, RolloutPhase? wished = null, long request = 0)
    {
        var view = await context.WithProgressAsync(progress => WatchAsync(context, server, rolloutId, view => RolloutRest.IsReached(view.Rollout, throughSoak, request), progress));
        return RolloutForeground.Told(context, view, wished);
    }

    private static async Task<RolloutView> WatchAsync(CommandContext context, ApiClient server, string rolloutId, Func<RolloutView, bool> rests, IProgressReporter progress)
    {
        (RolloutPhase Phase, IProgressTask Task)? current = null;
        for (var lost = 0; ;)
        {
            try
            {
                await foreach (var (type, data) in server.FollowAsync($"rollouts/{rolloutId}/events", context.CancellationToken))
                {
                    lost = 0;
                    if (type != RolloutEvents.Changed || JsonSerializer.Deserialize<RolloutView>(data, ApiJson.Options) is not { } view)
                    {
                        continue;
                    }

                    if (current?.Phase != view.Rollout.Phase)
                    {
                        current?.Task.Report(1);
                        current = (view.Rollout.Phase, progress.Task($"{view.Rollout.Id}: {view.Rollout.Phase}", 1));
                    }

                    current.Value.Task.Note(view.Rollout.Message);
                    if (rests(view))
                    {
                        return view;
                    }
                }
            }
            catch (CommandException error) when (error.Code == ExitCode.Unavailable && ++lost < LostInARow)
            {
                context.Note($"[yellow]{error.Message}; coming back[/]");
            }

            // The server was restarted, or a proxy has closed the stream; the rollout goes on meanwhile.
            await Task.Delay(ComeBackAfter, context.Time, context.CancellationToken);
        }
    }
}
