using DriftGuard.Core.Access;
using DriftGuard.State;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Shell;

/// <summary>Opens the engine for a command and closes it afterwards.</summary>
internal static class EngineSession
{
    /// <summary>Runs a command's work on the engine, or has a server do it where the command line names one.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="role">What this process does, for others that meet it in the data folder.</param>
    /// <param name="here">The work, here.</param>
    /// <param name="there">The same by a server.</param>
    /// <param name="actor">Who runs it, for the audit log; the user unless said. A server knows by itself.</param>
    public static async Task<T> AskAsync<T>(CommandContext context, string role, Func<Engine, Task<T>> here, Func<ApiClient, Task<T>> there, Actor? actor = null)
    {
        if (context.Server is null)
        {
            return await RunAsync(context, role, here, actor);
        }

        using var client = ApiClient.Open(context);
        return await there(client);
    }

    /// <summary>Runs a command's work on the engine.</summary>
    /// <param name="context">The command's context.</param>
    /// <param name="role">What this process does, for others that meet it in the data folder.</param>
    /// <param name="work">The work.</param>
    /// <param name="actor">Who runs it, for the audit log; the user unless said.</param>
    public static async Task<T> RunAsync<T>(CommandContext context, string role, Func<Engine, Task<T>> work, Actor? actor = null)
    {
        using var acting = StateStore.ActingAs(actor ?? ActorOptions.User);
        using var loggers = ShellLogging.ForCommand(context.Verbose);
        await using var engine = await Engine.StartAsync(context.Options, role, context.Time, loggers, context.CancellationToken);
        return await work(engine);
    }
}
