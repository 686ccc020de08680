using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Commands.Serve;

/// <summary><c>serve</c>: the worker, until it is asked to stop.</summary>
internal sealed class ServeCommand : DriftGuardCommand
{
    private readonly Option<ServeRole> _role = new("--role")
    {
        Description = "all; or gateway: embeddings, searches and writes of applications alone, beside a worker, in as many processes as it takes",
        DefaultValueFactory = _ => ServeRole.All,
    };

    public ServeCommand()
        : base(
            "serve",
            "Run the worker: rollouts, schedules, the gateway and the health pages, until Ctrl-C or SIGTERM",
            "driftguard serve --config /etc/driftguard/driftguard.yaml",
            "DRIFTGUARD__HTTP__ADDRESS=http://0.0.0.0:8470 driftguard serve --data /data",
            "driftguard serve --role gateway --config /etc/driftguard/driftguard.yaml") => Options.Add(_role);

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        using var loggers = LoggerFactory.Create(logging => ShellLogging.ForService(logging, options.Log, context.Verbose));
        var role = arguments.GetValue(_role);
        await using var qdrant = role == ServeRole.Gateway
            ? await QdrantEndpoint.OpenBesideAsync(options, context.Time, context.CancellationToken)
            : await QdrantEndpoint.OpenExclusiveAsync(options, LeaseHolder.Serve, context.Time, loggers, context.CancellationToken);
        using var installation = await OpenedInstallation.OpenAsync(options, qdrant, context.Time, loggers, context.CancellationToken);
        await using var host = ServeHost.Build(options, qdrant, installation, role, context.Time, context.Verbose);

        await ServeHost.StartAsync(host, options, context.CancellationToken);
        var log = host.Services.GetRequiredService<ILogger<ServeCommand>>();
        ServeLog.Serving(log, host.Urls, options.DataDirectory, qdrant.Client.Address.OriginalString, qdrant.IsOwn ? "embedded" : "configured");

        await Shutdown.RequestedAsync(context.CancellationToken);
        ServeLog.Draining(log);
        await host.Services.GetRequiredService<Draining>().RunAsync(options.Http.Drain, CancellationToken.None);
        ServeLog.Stopping(log);
        await host.StopAsync(CancellationToken.None);
        ServeLog.Stopped(log);
        return ExitCode.Success;
    }
}
