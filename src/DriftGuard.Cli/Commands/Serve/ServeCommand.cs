using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Commands.Serve;

/// <summary><c>serve</c>: the worker, until it is asked to stop.</summary>
internal sealed class ServeCommand() : DriftGuardCommand(
    "serve",
    "Run the worker: rollouts, schedules and the health pages, until Ctrl-C or SIGTERM",
    "driftguard serve --config /etc/driftguard/driftguard.yaml",
    "DRIFTGUARD__HTTP__ADDRESS=http://0.0.0.0:8470 driftguard serve --data /data")
{
    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        using var loggers = LoggerFactory.Create(logging => ShellLogging.ForService(logging, options.Log, context.Verbose));
        await using var qdrant = await QdrantEndpoint.OpenExclusiveAsync(options, LeaseHolder.Serve, context.Time, loggers, context.CancellationToken);
        using var installation = await OpenedInstallation.OpenAsync(options, qdrant, context.Time, loggers, context.CancellationToken);
        await using var host = ServeHost.Build(options, qdrant, installation, context.Time, context.Verbose);

        await ServeHost.StartAsync(host, options, context.CancellationToken);
        var log = host.Services.GetRequiredService<ILogger<ServeCommand>>();
        ServeLog.Serving(log, host.Urls, options.DataDirectory, qdrant.Client.Address.OriginalString, qdrant.IsOwn ? "embedded" : "configured");

        await Shutdown.RequestedAsync(context.CancellationToken);
        ServeLog.Stopping(log);
        await host.StopAsync(CancellationToken.None);
        ServeLog.Stopped(log);
        return ExitCode.Success;
    }
}
