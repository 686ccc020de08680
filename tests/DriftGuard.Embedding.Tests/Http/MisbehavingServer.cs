using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>
/// A real server on a loopback port that answers as OpenAI's, Cohere's and TEI's do, by what it is asked, and misbehaves as it is told.
/// </summary>
internal sealed class MisbehavingServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Asked> _asked = [];
    private readonly ConcurrentQueue<Fault> _next = [];

    private MisbehavingServer(WebApplication application) => _application = application;

    /// <summary>Its address.</summary>
    public string Url => _application.Urls.Single();

    /// <summary>What it was asked, info included, in order.</summary>
    public IReadOnlyList<Asked> Asked => [.. _asked];

    /// <summary>The requests for vectors.</summary>
    public IReadOnlyList<Asked> AskedForVectors => [.. _asked.Where(a => a.Method == "POST")];

    /// <summary>What is wrong with a request, if anything; asked for each that nothing was scripted for.</summary>
    public Func<Asked, Fault?> Judge { get; set; } = _ => null;

    /// <summary>What TEI's info says.</summary>
    public string Info { get; set; } = """{"model_id":"tests/tei","model_sha":"abc","max_client_batch_size":32,"max_input_length":512}""";

    public static async Task<MisbehavingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var application = builder.Build();
        var server = new MisbehavingServer(application);
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    /// <summary>What happens to the next requests for vectors, one each.</summary>
    public MisbehavingServer Then(params Fault[] faults)
    {
        foreach (var fault in faults)
            _next.Enqueue(fault);
        return this;
    }

    /// <summary>Forgets what it was asked and told.</summary>
    public MisbehavingServer Forget()
    {
        _asked.Clear();
        _next.Clear();
        return this;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var asked = new Asked(
            context.Request.Method, context.Request.GetEncodedPathAndQuery(),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            JsonNode.Parse(body.Length == 0 ? "{}" : body)!);
        _asked.Enqueue(asked);
        if (asked.Method == "GET")
            await context.Response.WriteAsync(Info);
        else if (_next.TryDequeue(out var scripted))
            await scripted(context, asked);
        else
            await (Judge(asked) ?? Faults.Answer(a => Answers.Of(a)))(context, asked);
    }
}
