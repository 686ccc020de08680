using System.Collections.Concurrent;
using System.Net;

namespace DriftGuard.Cli.Tests.Cluster;

/// <summary>
/// A load balancer as small as one can be: asks each server whether it is ready, and sends each request once, to one that said so last. A request that fails
/// has failed: nothing is tried again.
/// </summary>
internal sealed class ReadyBalancer : HttpMessageHandler
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, bool> ready = new();
    private readonly HttpMessageInvoker inner = new(new SocketsHttpHandler());
    private readonly CancellationTokenSource stop = new();
    private readonly Task asking;
    private int next;

    public ReadyBalancer(params IReadOnlyList<Uri> servers) => asking = Task.WhenAll(servers.Select(AskAsync));

    /// <summary>Whether a server said that it is ready when it was asked last.</summary>
    public bool IsReady(Uri server) => ready.GetValueOrDefault(server);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var servers = ready.Where(server => server.Value).Select(server => server.Key).OrderBy(server => server.Port).ToList();
        if (servers.Count == 0)
        {
            throw new HttpRequestException("no server is ready");
        }

        request.RequestUri = new Uri(servers[(int)((uint)Interlocked.Increment(ref next) % servers.Count)], request.RequestUri!.PathAndQuery);
        return inner.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stop.Cancel();
            asking.GetAwaiter().GetResult();
            stop.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task AskAsync(Uri server)
    {
        using var probe = new HttpClient { BaseAddress = server, Timeout = Patience };
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await probe.GetAsync(new Uri("/health/ready", UriKind.Relative), stop.Token);
                ready[server] = answer.StatusCode == HttpStatusCode.OK;
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException)
            {
                ready[server] = false;
            }

            await Task.Delay(AskAgain, CancellationToken.None);
        }
    }
}
