using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Operator.Hosting;
using DriftGuard.Worker.Api.Client;
using k8s;
using k8s.Exceptions;

namespace DriftGuard.Cli.Commands.Operator;

/// <summary><c>operator</c>: makes an installation what the custom resources of a Kubernetes cluster declare, until it is asked to stop.</summary>
internal sealed class OperatorCommand : DriftGuardCommand
{
    private const string UsualNamespace = "default";

    private readonly Option<string[]> _namespaces = new("--namespace")
    {
        Description = "A namespace whose resources are looked after; may be given several times; all unless given",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _leaseNamespace = new("--lease-namespace")
    {
        Description = "The namespace of the lease that says which operator works; its own in a cluster unless given",
        HelpName = "NAME",
    };

    private readonly Option<string?> _identity = new("--identity")
    {
        Description = "This operator, by a name that no other has [default: machine and process id]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "How the cluster is reached [default: as what runs in it, else $KUBECONFIG or ~/.kube/config]",
        HelpName = "FILE",
    };

    public OperatorCommand()
        : base(
            "operator",
            "Run the operator: make an installation what the custom resources of a Kubernetes cluster declare, until Ctrl-C or SIGTERM",
            "driftguard operator --server http://driftguard:8470 --api-key-file /run/secrets/driftguard",
            "driftguard operator --server http://127.0.0.1:8470 --kubeconfig ~/.kube/config --namespace search")
    {
        Options.Add(_namespaces);
        Options.Add(_leaseNamespace);
        Options.Add(_identity);
        Options.Add(_kubeconfig);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        if (context.Server is null)
        {
            throw new CommandException(ExitCode.Usage, "which installation is looked after?", "name it with --server, or DRIFTGUARD_SERVER");
        }

        var cluster = ClusterOf(arguments);
        var settings = new OperatorSettings
        {
            Namespaces = arguments.GetValue(_namespaces) ?? [],
            LeaseNamespace = arguments.GetValue(_leaseNamespace) ?? cluster.Namespace ?? UsualNamespace,
            Identity = arguments.GetValue(_identity) ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}"),
        };
        await RunAsync(context, cluster, ApiClient.OpenClient(context), settings);
        return ExitCode.Success;
    }

    private static async Task RunAsync(CommandContext context, KubernetesClientConfiguration cluster, ManagementClient installation, OperatorSettings settings)
    {
        await using var host = OperatorHost.Build(
            cluster, installation, settings, context.Options, context.Time, logging => ShellLogging.ForService(logging, context.Options.Log, context.Verbose));
        await Listening.StartAsync(host, context.Options.Http, context.CancellationToken);
        await Shutdown.RequestedAsync(context.CancellationToken);
        await host.StopAsync(CancellationToken.None);
    }

    private KubernetesClientConfiguration ClusterOf(ParseResult arguments)
    {
        try
        {
            var file = arguments.GetValue(_kubeconfig);
            return file is null && KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile(file);
        }
        catch (Exception error) when (error is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"how the cluster is reached cannot be told: {error.Message}", "name a kubeconfig with --kubeconfig", error);
        }
    }
}
