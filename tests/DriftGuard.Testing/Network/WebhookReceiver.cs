using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Testing.Network;

/// <summary>A message that a webhook got.</summary>
/// <param name="Path">Where it was sent, with its query.</param>
/// <param name="ContentType">What it says it is.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Bytes">Its body.</param>
/// <param name="At">When it came, by the clock of the receiver.</param>
public sealed record ReceivedMessage(string Path, string ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Bytes, DateTimeOffset At)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);
}

/// <summary>A real webhook on a free port, which answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedMessage> _received = [];

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Its address, with a path like a key.</summary>
    public string Url => $"{_app.Urls.Single()}/services/T0000/planted-webhook-path-3f7a";

    /// <summary>What came, in its order.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>Answers a message, by how many came before it; 200 and ok unless set.</summary>
    public Func<int, HttpContext, Task>? Answer { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<WebhookReceiver> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var before = receiver._received.Count;
            receiver._received.Enqueue(new(
                $"{context.Request.Path}{context.Request.QueryString}", context.Request.ContentType ?? "",
                context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal), body.ToArray(), time.GetUtcNow()));
            await (receiver.Answer?.Invoke(before, context) ?? context.Response.WriteAsync("ok", context.RequestAborted));
        });
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
