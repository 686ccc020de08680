extern alias embedded;
using System.Globalization;
using System.Text.Json;
using DriftGuard.Benchmarks.Processes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using embedded::DriftGuard.Qdrant.Embedded;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>The two sides of a copy as processes of their own.</summary>
internal static class CopyRoles
{
    public const string Server = "role-server";
    public const string Copier = "role-copier";

    /// <summary>Starts an embedded server with a blue collection of so many points; its line is its address.</summary>
    public static ChildProcess StartServer(int points) => ChildProcess.Start(Server, points.ToString(CultureInfo.InvariantCulture));

    /// <summary>An embedded server with a filled blue collection; prints its address.</summary>
    public static async Task ServeAsync(int points)
    {
        using var directory = new TemporaryDirectory();
        await using var server = await EmbeddedQdrant.StartAsync(new() { DataDirectory = directory.Path });
        using (var qdrant = new QdrantStore(new() { Address = server.Address }))
        {
            await BlueCollection.FillAsync(qdrant, points);
        }

        await Console.Out.WriteLineAsync(server.Address.ToString());
        await Console.In.ReadToEndAsync();
    }

    /// <summary>Copies once, watching its own memory; prints <see cref="MemoryFigures"/>.</summary>
    public static async Task CopyAsync(Uri address)
    {
        using var directory = new TemporaryDirectory();
        using var qdrant = new QdrantStore(new() { Address = address });
        await using var watch = new MemoryWatch();
        using var run = new CopyRun(qdrant, directory.Path, new RolloutSettings());
        var figures = await run.RunAsync();
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(watch.Figures(figures.Points)));
    }
}
