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
        Description = "all; or one of three that share PostgreSQL and Qdrant, each in as many processes as it takes: worker: rollouts, schedules and notifications; "
            + "api: the management API and the page; gateway: embeddings, searches and writes of applications. A gateway or an api also runs beside a worker on its data folder",
        DefaultValueFactory = _ => ServeRole.All,
    };

    public ServeCommand()
        : base(
            "serve",
            "Run the service: rollouts, schedules, the management API with its page, and the gateway, until Ctrl-C or SIGTERM",
            "driftguard serve --config /etc/driftguard/driftguard.yaml",
            "DRIFTGUARD__HTTP__ADDRESS=http://0.0.0.0:8470 driftguard serve --data /data",
            "driftguard serve --role api --config /etc/driftguard/driftguard.yaml",
            "driftguard serve --role gateway --config /etc/driftguard/driftguard.yaml") => Options.Add(_role);

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        using var loggers = LoggerFactory.Create(logging => ShellLogging.ForService(logging, options.Log, context.Verbose));
        var role = arguments.GetValue(_role);
        await using var qdrant = !role.Works()
            ? await QdrantEndpoint.OpenBesideAsync(options, role.CommandLine(), context.Time, context.CancellationToken)
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
