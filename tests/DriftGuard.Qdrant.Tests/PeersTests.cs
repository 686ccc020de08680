using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Qdrant.Tests;

/// <summary>The peers, as the REST API tells them.</summary>
public sealed class PeersTests
{
    // In the form of the API reference of 1.17.
    private const string Cluster = """
        {"result":{"status":"enabled","peer_id":11,"peers":{"11":{"uri":"http://qdrant-0.qdrant:6335/"},"9007199254740993":{"uri":"http://10.0.0.7:6335/"}},
        "raft_info":{"term":4,"commit":58,"pending_operations":0,"leader":11,"role":"Leader","is_voter":true},"consensus_thread_status":{"consensus_thread_status":"working","last_update":"2026-01-01T00:00:00Z"},
        "message_send_failures":{}},"status":"ok","time":0.000012}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_peer_is_known_by_its_host_under_the_port_that_was_configured()
    {
        await using var rest = await RestAsync(context => context.Request.Headers["api-key"] == "k" ? Cluster : null);
        using var store = new QdrantStore(new() { Address = new("http://qdrant-0.qdrant:7000"), RestAddress = AddressOf(rest), ApiKey = "k" });

        (await store.PeersAsync(Cancellation)).ShouldBe([new(11, new("http://qdrant-0.qdrant:7000")), new(9007199254740993, new("http://10.0.0.7:7000"))]);
    }

    [Fact]
    public async Task A_single_node_is_its_own_only_peer()
    {
        await using var rest = await RestAsync(_ => """{"result":{"status":"disabled"},"status":"ok","time":1e-6}""");
        using var store = new QdrantStore(new() { Address = new("http://qdrant:6334"), RestAddress = AddressOf(rest) });

        (await store.PeersAsync(Cancellation)).ShouldBe([new(0, new("http://qdrant:6334"))]);
    }

    [Theory]
    [InlineData(null, QdrantFailure.Unauthenticated)]
    [InlineData("<html>", QdrantFailure.Other)]
    [InlineData("{}", QdrantFailure.Other)]
    [InlineData("""{"result":{"status":"enabled","peers":{"one":{}}}}""", QdrantFailure.Other)]
    public async Task What_is_no_answer_of_Qdrant_is_said_with_what_to_set(string? answer, QdrantFailure kind)
    {
        await using var rest = await RestAsync(_ => answer);
        using var store = new QdrantStore(new() { RestAddress = AddressOf(rest) });

        var failure = await Should.ThrowAsync<QdrantException>(() => store.PeersAsync(Cancellation));
        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldContain("qdrant.restAddress");
    }

    [Theory]
    [InlineData("http://127.0.0.99:6334", "Get cluster at http://127.0.0.99:6333/cluster failed")]
    [InlineData("http://127.0.0.99:7000", "Get cluster at http://127.0.0.99:7000/ failed: its REST port is not known")]
    public async Task Unless_set_it_is_the_usual_port_and_no_other_is_given_the_API_key(string address, string message)
    {
        using var store = new QdrantStore(new() { Address = new(address), ApiKey = "k" });

        (await Should.ThrowAsync<QdrantException>(() => store.PeersAsync(Cancellation))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        var rest = await RestAsync(_ => Cluster);
        var gone = AddressOf(rest);
        await rest.DisposeAsync();
        using var store = new QdrantStore(new() { RestAddress = gone });

        (await Should.ThrowAsync<QdrantException>(() => store.PeersAsync(Cancellation))).Kind.ShouldBe(QdrantFailure.Unreachable);
    }

    private static Uri AddressOf(WebApplication rest) => new(rest.Urls.Single());

    private static async Task<WebApplication> RestAsync(Func<HttpContext, string?> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Path == "/cluster" && answer(context) is { } text)
            {
                await context.Response.WriteAsync(text);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        });
        await app.StartAsync(Cancellation);
        return app;
    }
}
