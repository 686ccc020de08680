using DriftGuard.Cli.Commands.Serve;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Cli.Tests;

/// <summary>An installation as <c>serve</c> runs it, in this process and on a free port.</summary>
internal static class ServedInstallation
{
    // Protection against hanging.
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(5);

    /// <summary>Serves a data folder while something asks it.</summary>
    public static Task AskAsync(string dataDirectory, GatewayOptions gateway, Func<HttpClient, OpenedInstallation, Task> ask, CancellationToken cancellation) =>
        RunAsync(dataDirectory, options => options with { Gateway = gateway }, (_, client, installation) => ask(client, installation), cancellation);

    /// <summary>The same as it is configured.</summary>
    public static Task AskAsync(DriftGuardOptions options, Func<HttpClient, OpenedInstallation, Task> ask, CancellationToken cancellation) =>
        RunAsync(options.DataDirectory, listening => options with { Http = listening.Http, Log = listening.Log }, (_, client, installation) => ask(client, installation), cancellation);

    /// <summary>Serves a data folder, configured in some way, while something is done with it.</summary>
    public static async Task RunAsync(
        string dataDirectory, Func<DriftGuardOptions, DriftGuardOptions> configure, Func<WebApplication, HttpClient, OpenedInstallation, Task> work, CancellationToken cancellation)
    {
        var options = configure(new DriftGuardOptions
        {
            DataDirectory = dataDirectory,
            Http = new HttpOptions { Address = "http://127.0.0.1:0" },
            Log = new LogOptions { Level = Microsoft.Extensions.Logging.LogLevel.None },
        });
        await using var qdrant = await QdrantEndpoint.OpenExclusiveAsync(options, LeaseHolder.Serve, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        using var installation = await OpenedInstallation.OpenAsync(options, qdrant, TimeProvider.System, NullLoggerFactory.Instance, cancellation);
        await using var host = ServeHost.Build(options, qdrant, installation, ServeRole.All, TimeProvider.System, verbose: false);
        await ServeHost.StartAsync(host, options, cancellation);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
        await work(host, client, installation);
        await host.StopAsync(CancellationToken.None).WaitAsync(LongestStop, CancellationToken.None);
    }
}
