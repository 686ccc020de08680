using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Qdrant.Tests.Server;

/// <summary>One call as it arrived.</summary>
/// <param name="Method">Such as <c>Points/Upsert</c>.</param>
/// <param name="Request">The message.</param>
/// <param name="ApiKey">The key it carried, if any.</param>
internal sealed record ArrivedCall(string Method, byte[] Request, string? ApiKey);

/// <summary>
/// A gRPC server that answers by a script, written on bare HTTP/2 so that it can also misbehave. It listens on a free port of this machine.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<ArrivedCall> _calls = [];

    private ScriptedServer(WebApplication host) => _host = host;

    public required Uri Address { get; init; }

    /// <summary>The calls so far, in order of arrival.</summary>
    public IReadOnlyList<ArrivedCall> Calls => [.. _calls];

    /// <summary>A server that gives these answers in turn, and the last one ever after.</summary>
    public static Task<ScriptedServer> StartAsync(params Answer[] answers)
    {
        var next = -1;
        return StartAsync(_ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]);
    }

    public static async Task<ScriptedServer> StartAsync(Func<ArrivedCall, Answer> script, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var host = builder.Build();
        ScriptedServer? server = null;
        host.Run(context => server!.AnswerAsync(context, script));
        await host.StartAsync();
        var port = new Uri(host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        server = new ScriptedServer(host) { Address = new Uri($"{(certificate is null ? "http" : "https")}://localhost:{port}") };
        return server;
    }

    /// <summary>A client of this server, with repeats after a millisecond.</summary>
    public QdrantStore Connect(Action<QdrantOptions>? configure = null)
    {
        var options = new QdrantOptions { Address = Address, RetryDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(2) };
        configure?.Invoke(options);
        return new QdrantStore(options);
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Func<ArrivedCall, Answer> script)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var method = context.Request.Path.Value!.Replace("/qdrant.", "", StringComparison.Ordinal);
        var call = new ArrivedCall(method, body.ToArray()[5..], context.Request.Headers["api-key"]);
        _calls.Enqueue(call);
        await script(call).SendAsync(context);
    }
}
