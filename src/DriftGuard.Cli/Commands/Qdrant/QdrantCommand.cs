using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Commands.Qdrant;

/// <summary><c>qdrant</c>: the embedded Qdrant alone, until it is asked to stop.</summary>
internal sealed class QdrantCommand : DriftGuardCommand
{
    private const int UsualPort = 6334;
    private const string Purpose = "for laptops, tests and small corpora; gRPC only, on the loopback interface";

    private readonly Option<int?> _port = new("--port")
    {
        Description = $"The gRPC port on this machine; 0 takes a free one [default: qdrant.embedded.port, or {UsualPort}]",
        HelpName = "N",
    };

    public QdrantCommand()
        : base(
            "qdrant",
            $"Run the embedded Qdrant alone on the data folder, until Ctrl-C or SIGTERM: {Purpose}",
            "driftguard qdrant --data ./data --port 6334")
    {
        _port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is < 0 or > 65535)
            {
                result.AddError($"--port: expected a number from 0 to 65535, found '{text}'");
            }
        });
        Options.Add(_port);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var options = context.Options;
        var configured = options.Qdrant.Embedded.Port;
        var port = arguments.GetValue(_port) ?? (configured == 0 ? UsualPort : configured);
        options = options with { Qdrant = options.Qdrant with { Address = null, Embedded = new EmbeddedQdrantSettings { Port = port } } };

        using var loggers = LoggerFactory.Create(logging => ShellLogging.ForService(logging, options.Log, context.Verbose));
        await using var qdrant = await QdrantEndpoint.OpenExclusiveAsync(options, LeaseHolder.Qdrant, context.Time, loggers, context.CancellationToken);
        context.Report(
            new { qdrant.Client.Address, options.DataDirectory, System.Environment.ProcessId },
            (console, running) =>
                console.Say($"Qdrant answers on [green]{running.Address.OriginalString}[/] ({Purpose}), data in {running.DataDirectory}"));
        await Shutdown.RequestedAsync(context.CancellationToken);
        context.Note($"[grey]stopping[/]");
        return ExitCode.Success;
    }
}
