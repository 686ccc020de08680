using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Hosting;

namespace DriftGuard.Cli.Shell;

/// <summary>Starts hosts that answer on an address.</summary>
internal static class Listening
{
    /// <summary>Starts a host.</summary>
    /// <exception cref="CommandException">It cannot listen on its address.</exception>
    public static async Task StartAsync(IHost host, HttpOptions options, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
        }
        catch (IOException error)
        {
            throw new CommandException(ExitCode.Conflict, $"cannot listen on {options.Address}: {error.Message}", "Set http.address to another one, or to port 0 for any free one.", error);
        }
    }
}
