using System.Collections.Concurrent;
using System.Net;
using DriftGuard.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>Where a call is on its way.</summary>
internal enum CallMoment
{
    /// <summary>It has left the worker and not reached Qdrant.</summary>
    BeforeQdrant,

    /// <summary>Qdrant has answered, and the worker does not know.</summary>
    AfterQdrant,
}

/// <summary>A call that passes by.</summary>
/// <param name="Method">Its gRPC method, such as <c>UpdateAliases</c>.</param>
/// <param name="Moment">Where it is.</param>
internal readonly record struct PassingCall(string Method, CallMoment Moment);

/// <summary>
/// Stands between a worker and Qdrant as a network does: passes each unary gRPC call on as bytes, whatever its method, unless the plan has
/// a fault for it.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly TimeSpan LongestSlowness = TimeSpan.FromMilliseconds(800);

    /// <summary>Less than the worker's time-out for writes, which is how late a write may be.</summary>
    private static readonly TimeSpan LongestLateness = TimeSpan.FromSeconds(1.5);

    private static readonly HashSet<string> Writing = new(StringComparer.Ordinal)
    {
        "Upsert", "Delete", "SetPayload", "OverwritePayload", "UpdateVectors", "UpdateBatch", "UpdateAliases", "Create", "Update", "CreateFieldIndex",
    };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _upstream;
    private readonly Uri _qdrant;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, byte> _late = new();
    private readonly ConcurrentDictionary<Fault, int> _met = new();

    private FaultProxy(WebApplication app, Uri qdrant)
    {
        (_app, _qdrant) = (app, qdrant);
        _upstream = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(2) });
    }

    /// <summary>The address that the worker is told.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The faults from now on.</summary>
    public FaultPlan Plan { get; set; } = FaultPlan.None;

    /// <summary>Sees each call twice; the call waits for it. Null: nobody looks.</summary>
    public Func<PassingCall, Task>? Watch { get; set; }

    /// <summary>How often each fault was met.</summary>
    public IReadOnlyDictionary<Fault, int> Met => _met;

    /// <summary>Called after each write that Qdrant answered.</summary>
    public Action? OnWrite { get; set; }

    public static async Task<FaultProxy> StartAsync(Uri qdrant)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var proxy = new FaultProxy(app, qdrant);
        app.Run(proxy.PassAsync);
        await app.StartAsync();
        return proxy;
    }

    /// <summary>Waits until every call that was held back has reached Qdrant.</summary>
    public async Task LateCallsAsync()
    {
        while (!_late.IsEmpty)
            await Task.WhenAll(_late.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        await LateCallsAsync();
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _upstream.Dispose();
        _closing.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return; // whoever called was killed before it had sent all of it
        }

        // From here on nothing looks whether the caller lives: what a killed worker has sent is on its way.
        var call = new ForwardedCall(_upstream, _qdrant, context.Request, body.ToArray());
        var (fault, delay) = Plan.Next();
        _met.AddOrUpdate(fault, 1, static (_, count) => count + 1);
        try
        {
            await MeetAsync(context, call, fault, delay);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            Reset(context); // Qdrant is down, or the caller is gone
        }
    }

    private async Task MeetAsync(HttpContext context, ForwardedCall call, Fault fault, double delay)
    {
        switch (fault)
        {
            case Fault.Refuse:
                context.Response.ContentType = "application/grpc";
                context.Response.Headers["grpc-status"] = "14";
                context.Response.Headers["grpc-message"] = "refused by the network";
                return;
            case Fault.CutBefore:
                Reset(context);
                return;
            case Fault.AppliedLater:
                Reset(context);
                Later(call, delay);
                return;
        }

        if (fault == Fault.SlowBefore)
            await Task.Delay(LongestSlowness * delay, _closing.Token);
        using var answer = await ForwardAsync(call);
        if (fault == Fault.Duplicate)
            (await call.SendAsync(_closing.Token)).Dispose();
        if (fault == Fault.SlowAfter)
            await Task.Delay(LongestSlowness * delay, _closing.Token);
        if (fault == Fault.CutAfter)
            Reset(context);
        else
            await ForwardedCall.AnswerAsync(context, answer);
    }

    private async Task<HttpResponseMessage> ForwardAsync(ForwardedCall call)
    {
        if (Watch is { } before)
            await before(new(call.Method, CallMoment.BeforeQdrant));
        var answer = await call.SendAsync(_closing.Token);
        if (Writing.Contains(call.Method))
            OnWrite?.Invoke();

        if (Watch is { } after)
            await after(new(call.Method, CallMoment.AfterQdrant));
        return answer;
    }

    private void Later(ForwardedCall call, double delay)
    {
        var late = SendLateAsync();
        _late.TryAdd(late, 0);
        _ = late.ContinueWith(done => _late.TryRemove(done, out _), TaskScheduler.Default);

        async Task SendLateAsync()
        {
            await Task.Delay(LongestLateness * delay);
            try
            {
                (await call.SendAsync(_closing.Token)).Dispose();
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
            {
                // Qdrant is down: the call is lost, as it would be.
            }
        }
    }

    private static void Reset(HttpContext context) => context.Features.Get<IHttpResetFeature>()?.Reset(2); // INTERNAL_ERROR
}
