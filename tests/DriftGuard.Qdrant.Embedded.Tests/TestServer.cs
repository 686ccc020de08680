using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DriftGuard.Qdrant.Embedded.Tests;

/// <summary>An embedded server on a folder, with a channel to it. The folder goes with it unless it was given.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly EmbeddedQdrant _server;
    private readonly GrpcChannel _channel;
    private readonly bool _ownsDirectory;

    private TestServer(EmbeddedQdrant server, string directory, bool ownsDirectory)
    {
        _server = server;
        _ownsDirectory = ownsDirectory;
        Directory = directory;
        _channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Client = new Client(_channel.CreateCallInvoker());
    }

    public Client Client { get; }

    public Uri Address => _server.Address;

    public string Directory { get; }

    public static async Task<TestServer> StartAsync(string? directory = null, string? apiKey = null, int? maxPages = null)
    {
        var folder = directory ?? System.IO.Directory.CreateTempSubdirectory("embedded-qdrant-").FullName;
        var server = await EmbeddedQdrant.StartAsync(
            new EmbeddedQdrantOptions { DataDirectory = folder, ApiKey = apiKey, MaxPagesPerCollection = maxPages });
        return new TestServer(server, folder, ownsDirectory: directory is null);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        if (_ownsDirectory) System.IO.Directory.Delete(Directory, recursive: true);
    }
}

/// <summary>Calls any method of the API by name: the tests need no generated client.</summary>
internal sealed class Client(CallInvoker invoker)
{
    public async Task<TResponse> CallAsync<TResponse>(string service, string method, IMessage request, Metadata? headers = null)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var parser = new MessageParser<TResponse>(() => new TResponse());
        var described = new Method<IMessage, TResponse>(
            MethodType.Unary, $"qdrant.{service}", method,
            Marshallers.Create<IMessage>(message => message.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create<TResponse>(message => message.ToByteArray(), bytes => parser.ParseFrom(bytes)));
        using var call = invoker.AsyncUnaryCall(described, host: null, new CallOptions(headers, DateTime.UtcNow.AddSeconds(60)), request);
        return await call.ResponseAsync;
    }
}
