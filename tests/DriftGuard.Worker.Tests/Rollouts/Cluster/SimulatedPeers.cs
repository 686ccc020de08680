using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using DriftGuard.Testing.Network;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Tests.Rollouts.Cluster;

/// <summary>
/// One Qdrant behind the addresses of several peers, with the REST call that tells them. A peer can fall behind in what it knows of aliases, be
/// cut off, or be of an older version.
/// </summary>
internal sealed class SimulatedPeers : IAsyncDisposable
{
    private const string ListAliases = "ListAliases";
    private const string HealthCheck = "HealthCheck";
    private const string Shards = "CollectionClusterInfo";
    private const string Scroll = "Scroll";

    private readonly HttpMessageInvoker _upstream = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
    private readonly ConcurrentDictionary<string, byte[]> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IPAddress, bool> _cutOff = new();
    private readonly ConcurrentDictionary<(string Collection, ulong Id), bool> _leftOut = new();
    private readonly Uri _qdrant;
    private readonly IPAddress[] _hosts;
    private readonly WebApplication _app;
    private readonly int _port = FreePort.Next();
    private readonly int _rest = FreePort.Next();

    private SimulatedPeers(Uri qdrant, int count)
    {
        _qdrant = qdrant;
        _hosts = [.. Enumerable.Range(2, count).Select(last => new IPAddress([127, 0, 0, (byte)last]))];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, _rest, listen => listen.Protocols = HttpProtocols.Http1);
            foreach (var host in _hosts)
            {
                kestrel.Listen(host, _port, listen => listen.Protocols = HttpProtocols.Http2);
                kestrel.Listen(host, _rest, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        _app = builder.Build();
        _app.Run(context => context.Request.Protocol == HttpProtocol.Http2 ? PassAsync(context) : TellAsync(context));
    }

    /// <summary>The gRPC address of a peer, from 0.</summary>
    public Uri Address(int peer) => new($"http://{_hosts[peer]}:{_port}");

    /// <summary>The REST address.</summary>
    public Uri RestAddress => new($"http://127.0.0.1:{_rest}");

    public static async Task<SimulatedPeers> StartAsync(Uri qdrant, int count)
    {
        var peers = new SimulatedPeers(qdrant, count);
        await peers._app.StartAsync();
        return peers;
    }

    /// <summary>From now on a peer says of aliases what it says now.</summary>
    public void FallBehind(int peer, IReadOnlyDictionary<string, string> aliases)
    {
        var answer = new ListAliasesResponse();
        answer.Aliases.AddRange(aliases.Select(alias => new AliasDescription { AliasName = alias.Key, CollectionName = alias.Value }));
        _answers[Key(_hosts[peer], ListAliases)] = Framed(answer);
    }

    /// <summary>It knows what all know again.</summary>
    public void CatchUp(int peer) => _answers.TryRemove(Key(_hosts[peer], ListAliases), out _);

    /// <summary>Its shard is being recovered, as far as it knows, or is active again.</summary>
    public void Recover(int peer, bool recovers = true)
    {
        var answer = new CollectionClusterInfoResponse { PeerId = (ulong)peer, ShardCount = 1 };
        answer.LocalShards.Add(new LocalShardInfo { State = ReplicaState.Recovery });
        if (recovers)
            _answers[Key(_hosts[peer], Shards)] = Framed(answer);
        else
            _answers.TryRemove(Key(_hosts[peer], Shards), out _);
    }

    /// <summary>It is of another version.</summary>
    public void BeOf(int peer, string version) => _answers[Key(_hosts[peer], HealthCheck)] = Framed(new HealthCheckReply { Title = "qdrant", Version = version });

    /// <summary>It has no answer, or has one again.</summary>
    public void CutOff(int peer, bool cutOff = true) => _cutOff[_hosts[peer]] = cutOff;

    /// <summary>The replica that answers a scroll of the collection lacks the point; who asks for its id gets it from another one.</summary>
    public void LeaveOutOfScrolls(string collection, ulong id) => _leftOut[(collection, id)] = true;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var host = context.Connection.LocalIpAddress!;
        if (_cutOff.GetValueOrDefault(host))
        {
            context.Features.Get<IHttpResetFeature>()?.Reset(2);
            return;
        }

        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var call = new ForwardedCall(_upstream, _qdrant, context.Request, body.ToArray());
        if (_answers.TryGetValue(Key(host, call.Method), out var answer))
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(answer);
            return;
        }

        using var forwarded = await call.SendAsync(context.RequestAborted);
        if (call.Method == Scroll && !_leftOut.IsEmpty)
        {
            await LeaveOutAsync(forwarded, ScrollPoints.Parser.ParseFrom(Message(body.ToArray())).CollectionName);
        }

        await ForwardedCall.AnswerAsync(context, forwarded);
    }

    private async Task TellAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/collections", StringComparison.Ordinal))
        {
            await PassFileAsync(context);
            return;
        }

        var peers = string.Join(", ", _hosts.Select((host, i) => $$"""  "{{i + 100}}": { "uri": "http://{{host}}:6335/" }"""));
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(context.Request.Path == "/cluster"
            ? $$"""{ "result": { "status": "enabled", "peer_id": 100, "peers": { {{peers}} }, "raft_info": {} }, "status": "ok", "time": 0.0 }"""
            : """{ "status": { "error": "not found" } }""");
    }

    /// <summary>Files of snapshots go over REST.</summary>
    private async Task PassFileAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(_qdrant, context.Request.Path + context.Request.QueryString))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await _upstream.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task LeaveOutAsync(HttpResponseMessage answer, string collection)
    {
        var page = ScrollResponse.Parser.ParseFrom(Message(await answer.Content.ReadAsByteArrayAsync()));
        foreach (var point in page.Result.Where(point => _leftOut.ContainsKey((collection, point.Id.Num))).ToList())
        {
            page.Result.Remove(point);
        }

        answer.Content = new ByteArrayContent(Framed(page)) { Headers = { ContentType = new("application/grpc") } };
    }

    private static byte[] Message(byte[] framed) => framed[5..];

    private static byte[] Framed(IMessage message)
    {
        var bytes = message.ToByteArray();
        var framed = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), bytes.Length);
        bytes.CopyTo(framed, 5);
        return framed;
    }

    private static string Key(IPAddress host, string method) => $"{host} {method}";
}
