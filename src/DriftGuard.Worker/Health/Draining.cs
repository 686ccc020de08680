using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DriftGuard.Worker.Health;

/// <summary>
/// How a process stops without a request that fails: first <c>/health/ready</c> says that no more should be sent, while everything is answered as before; after
/// a while, once whoever spreads requests has noticed, it listens no more.
/// </summary>
public sealed class Draining(TimeProvider time) : IDisposable
{
    // Load balancers and Kubernetes ask every few seconds.
    private static readonly TimeSpan AskedLately = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _begun = new();
    private long? _askedAt;

    /// <summary>Cancelled once it has begun: what waits for something to happen, such as a poll, is answered at once, and asked again elsewhere.</summary>
    public CancellationToken Begun => _begun.Token;

    /// <summary>Begins, and waits; not where nobody has asked lately whether this process is ready, since nobody would notice.</summary>
    /// <param name="drain">How long.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task RunAsync(TimeSpan drain, CancellationToken cancellation)
    {
        await _begun.CancelAsync();
        if (_askedAt is { } asked && time.GetElapsedTime(asked) <= AskedLately)
        {
            await Task.Delay(drain, time, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _begun.Dispose();

    /// <summary>Somebody asks whether this process is ready.</summary>
    internal void NoteAsked() => _askedAt = time.GetTimestamp();
}

/// <summary>Has connections closed while a process stops.</summary>
public static class DrainingServices
{
    /// <summary>Adds what says that the process is about to stop.</summary>
    internal static IServiceCollection AddDraining(this IServiceCollection services)
    {
        services.TryAddSingleton<Draining>();
        return services;
    }

    /// <summary>Once draining has begun, each answer is the last one of its connection: none is in the way of a request that is sent when this process listens no more.</summary>
    public static void UseDraining(this IApplicationBuilder app)
    {
        var draining = app.ApplicationServices.GetRequiredService<Draining>();
        app.Use((context, next) =>
        {
            // HTTP/2 has a frame for that, which the server sends by itself.
            if (draining.Begun.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            return next(context);
        });
    }
}
