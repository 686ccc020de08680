using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What goes wrong with a request.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is answered with 500, and nothing is done.</summary>
    Fails,

    /// <summary>It is done, and answered with 500.</summary>
    FailsAfterwards,

    /// <summary>Too many: 429.</summary>
    Throttled,

    /// <summary>Somebody was faster: 409.</summary>
    Conflicts,

    /// <summary>A watch ends in its middle; of anything else the connection is cut.</summary>
    Dropped,

    /// <summary>A watch is told that its version is too old: 410.</summary>
    Gone,
}

/// <summary>What somebody may do, by Kubernetes' words.</summary>
internal sealed record Permission(string Group, string Resource, string Verb);

/// <summary>A small API server of Kubernetes on a free port: custom resources by the chart's definitions, events and leases.</summary>
internal sealed class TestApiServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Permission, int> _used = new();

    private TestApiServer(WebApplication app, ObjectStore store) => (_app, Store) = (app, store);

    public ObjectStore Store { get; }

    /// <summary>What goes wrong with a request, by its permission.</summary>
    public Func<Permission, Fault> Faults { get; set; } = _ => Fault.None;

    /// <summary>What was asked so far.</summary>
    public IEnumerable<Permission> Used => _used.Keys;

    public string Address => _app.Urls.Single();

    public KubernetesClientConfiguration Configuration => new()
    {
        Host = Address,
        Namespace = "search",
    };

    public static async Task<TestApiServer> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var server = new TestApiServer(app, new(time ?? TimeProvider.System));
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (Asked.Of(context.Request) is { } asked)
            {
                _used.AddOrUpdate(asked.Permission, 1, (_, count) => count + 1);
                await AnswerAsync(context, asked);
            }
            else if (!await Discovery.AnswerAsync(context))
            {
                throw new ApiRefusal(404, "NotFound", "the server could not find the requested resource");
            }
        }
        catch (ApiRefusal refusal)
        {
            await WriteAsync(context, refusal.Status, refusal.Body);
        }
        catch (OperationCanceledException)
        {
            // Whoever watched has gone.
        }
    }

    private async Task AnswerAsync(HttpContext context, Asked asked)
    {
        var fault = Faults(asked.Permission);
        if (asked.Permission.Verb == "watch")
        {
            await WatchAsync(context, asked, fault);
            return;
        }

        switch (fault)
        {
            case Fault.Fails:
                throw new ApiRefusal(500, "InternalError", "made to fail");
            case Fault.Throttled:
                context.Response.Headers.RetryAfter = "0";
                throw new ApiRefusal(429, "TooManyRequests", "made to be slow");
            case Fault.Conflicts when asked.Permission.Verb is "patch" or "update":
                throw new ApiRefusal(409, "Conflict", "made to conflict");
            case Fault.Dropped:
                context.Abort();
                return;
            default:
                break;
        }

        var answer = await DoAsync(context, asked);
        await WriteAsync(context, fault == Fault.FailsAfterwards ? 500 : asked.Permission.Verb == "create" ? 201 : 200, fault == Fault.FailsAfterwards ? new ApiRefusal(500, "InternalError", "made to fail afterwards").Body : answer);
    }

    private async Task<JsonObject> DoAsync(HttpContext context, Asked asked)
    {
        var (plural, space, name) = (asked.Plural, asked.Namespace, asked.Name);
        switch (asked.Permission.Verb)
        {
            case "get":
                return Discovery.AsAsked(context, plural, [Store.Get(plural, space!, name!)], Store.Version) ?? Store.Get(plural, space!, name!);
            case "list":
                var all = Store.List(plural, space, context.Request.Query["labelSelector"].FirstOrDefault() is { Length: > 0 } selector ? selector : null);
                all = Discovery.Selected(context, all);
                return Discovery.AsAsked(context, plural, all, Store.Version) ?? new JsonObject
                {
                    ["kind"] = "List",
                    ["apiVersion"] = asked.ApiVersion,
                    ["metadata"] = new JsonObject { ["resourceVersion"] = Store.Version.ToString(CultureInfo.InvariantCulture) },
                    ["items"] = new JsonArray([.. all]),
                };
            case "create":
                return Store.Create(plural, space!, await BodyAsync(context));
            case "patch":
                return context.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.Ordinal) == true
                    ? Store.Patch(plural, space!, name!, await BodyAsync(context), asked.IsStatus)
                    : throw new ApiRefusal(415, "UnsupportedMediaType", $"only merge patches: {context.Request.ContentType}");
            case "update":
                return Store.Update(plural, space!, name!, await BodyAsync(context), asked.IsStatus);
            case "delete":
                Store.Delete(plural, space!, name!);
                return new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" };
            default:
                throw new ApiRefusal(405, "MethodNotAllowed", asked.Permission.Verb);
        }
    }

    private async Task WatchAsync(HttpContext context, Asked asked, Fault fault)
    {
        var version = long.Parse(context.Request.Query["resourceVersion"].FirstOrDefault() is { Length: > 0 } from ? from : "0", CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        if (fault == Fault.Gone || (version != 0 && version < Store.Oldest))
        {
            await LineAsync(context, "ERROR", new ApiRefusal(410, "Expired", "too old resource version").Body);
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        ends.CancelAfter(LongestWatch);
        await context.Response.StartAsync(ends.Token);
        while (!ends.IsCancellationRequested)
        {
            var (changes, more) = Store.Since(version, asked.Plural, asked.Namespace);
            foreach (var change in changes)
            {
                version = change.Version;
                await LineAsync(context, change.Type, change.Object);
            }

            if (fault == Fault.Dropped && changes.Count > 0)
            {
                context.Abort();
                return;
            }

            await more.WaitAsync(ends.Token);
            await LineAsync(context, "BOOKMARK", new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) } });
        }
    }

    private static async Task LineAsync(HttpContext context, string type, JsonObject value)
    {
        await context.Response.WriteAsync(new JsonObject { ["type"] = type, ["object"] = value.DeepClone() }.ToJsonString() + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context) => (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
