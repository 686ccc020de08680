using System.Threading.RateLimiting;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// Lets requests in: so many of each client, and so many at a time, reads apart from writes, since writes wait while an index is switched. A request
/// takes its turn once its body is there, so that a client that sends slowly holds up only itself.
/// </summary>
internal sealed class GatewayGate : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly DriftGuardMetrics _metrics;
    private readonly PartitionedRateLimiter<string> _clients;
    private readonly PartitionedRateLimiter<string> _bytesOfClients;
    private readonly ConcurrencyLimiter _bytes = new(new() { PermitLimit = GatewayLimits.AllKibibytes, QueueLimit = 0 });
    private readonly ConcurrencyLimiter _reads;
    private readonly ConcurrencyLimiter _writes;

    public GatewayGate(DriftGuardOptions options, DriftGuardMetrics metrics)
    {
        (_options, _metrics) = (options.Gateway, metrics);
        (_clients, _bytesOfClients) = (OfClients(_options.RequestsOfAClient), OfClients(GatewayLimits.ClientKibibytes));
        (_reads, _writes) = (Limiter(_options.ConcurrentReads), Limiter(_options.ConcurrentWrites));

        static PartitionedRateLimiter<string> OfClients(int each) =>
            PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetConcurrencyLimiter(client, _ => new() { PermitLimit = each }));

        ConcurrencyLimiter Limiter(int atATime) => new(new() { PermitLimit = atATime, QueueLimit = _options.Queue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    }

    /// <summary>Works on a request that reads.</summary>
    public Task<ApiAnswer> ReadAsync(HttpContext context, Func<HttpContext, RequestBody, Task<ApiAnswer>> serve) => RunAsync(context, _reads, serve);

    /// <summary>Works on a request that writes.</summary>
    public Task<ApiAnswer> WriteAsync(HttpContext context, Func<HttpContext, RequestBody, Task<ApiAnswer>> serve) => RunAsync(context, _writes, serve);

    /// <summary>Works on a request that has no body, and mostly waits.</summary>
    public async Task<ApiAnswer> PollAsync(HttpContext context, Func<HttpContext, Task<ApiAnswer>> serve)
    {
        using var client = _clients.AttemptAcquire(Caller.Of(context).Id);
        return client.IsAcquired ? await serve(context) : TooManyOfAClient();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clients.Dispose();
        _bytesOfClients.Dispose();
        _bytes.Dispose();
        _reads.Dispose();
        _writes.Dispose();
    }

    private async Task<ApiAnswer> RunAsync(HttpContext context, ConcurrencyLimiter limiter, Func<HttpContext, RequestBody, Task<ApiAnswer>> serve)
    {
        var who = Caller.Of(context).Id;
        using var client = _clients.AttemptAcquire(who);
        if (!client.IsAcquired)
        {
            return TooManyOfAClient();
        }

        // Of a body whose size is not said the largest is taken.
        var kibibytes = Math.Max(1, (int)((Math.Min(context.Request.ContentLength ?? GatewayLimits.BodyBytes, GatewayLimits.BodyBytes) + 1023) / 1024));
        using var ofClient = _bytesOfClients.AttemptAcquire(who, kibibytes);
        using var ofAll = ofClient.IsAcquired ? _bytes.AttemptAcquire(kibibytes) : null;
        if (ofAll is not { IsAcquired: true })
        {
            return TooMany(RefusalReasons.Bytes, "too much is sent at a time: send smaller bodies, or fewer at a time");
        }

        using var body = await RequestBody.ReadAsync(context);
        using var turn = await limiter.AcquireAsync(1, context.RequestAborted);
        return turn.IsAcquired ? await serve(context, body)
            : TooMany(RefusalReasons.Queue, $"{_options.Queue} requests wait already: try again, or have more gateways");
    }

    private ApiAnswer TooManyOfAClient() =>
        TooMany(RefusalReasons.Client, $"{_options.RequestsOfAClient} requests of this client are worked on already: have fewer at a time, or try again");

    private ApiAnswer TooMany(string reason, string message)
    {
        _metrics.Refuse(reason);
        return ApiAnswer.Problem(StatusCodes.Status429TooManyRequests, message);
    }
}
