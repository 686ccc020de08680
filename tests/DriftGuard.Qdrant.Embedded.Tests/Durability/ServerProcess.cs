using System.Diagnostics;
using Grpc.Net.Client;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

/// <summary>A server in a process of its own, to be killed.</summary>
internal sealed class ServerProcess : IDisposable
{
    public const string Mode = "serve-until-killed";
    private readonly Process _process;
    private readonly GrpcChannel _channel;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        _channel = GrpcChannel.ForAddress(address);
        Client = new Client(_channel.CreateCallInvoker());
    }

    public Client Client { get; }

    public int Id => _process.Id;

    /// <summary>The child's side: serves until its parent kills it, or ends and so closes its input.</summary>
    public static async Task<int> ServeAsync(string directory)
    {
        await using var server = await EmbeddedQdrant.StartAsync(new EmbeddedQdrantOptions { DataDirectory = directory });
        Console.WriteLine(server.Address);
        while (await Console.In.ReadLineAsync() is not null) continue;
        return 0;
    }

    public static async Task<ServerProcess> StartAsync(string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            // Started as `dotnet Tests.dll`: the child is too.
            start.ArgumentList.Add(typeof(ServerProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Mode);
        start.ArgumentList.Add(directory);
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server process ended before it listened.");
        return new ServerProcess(process, new Uri(address));
    }

    /// <summary>SIGKILL: the process gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _channel.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
