using System.Net;
using System.Net.Sockets;
using DriftGuard.Qdrant.Tests.Server;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests;

/// <summary>What a failure says: operation, collection, address, cause, what to do; and never the key.</summary>
public class FailureTests
{
    [Fact]
    public async Task A_failure_names_operation_collection_address_cause_and_what_to_do()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.NotFound, "Not found: Collection `docs` doesn't exist!"));
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => store.CountAsync("docs"));
        failure.Message.ShouldBe(
            $"Count on 'docs' at {server.Address} failed: Not found: Collection `docs` doesn't exist! [NotFound]. "
            + "Check the name; it may have been deleted or re-pointed meanwhile.");
        failure.Operation.ShouldBe("Count");
        failure.Collection.ShouldBe("docs");
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable_and_a_write_to_it_has_not_happened()
    {
        using var store = new QdrantStore(new QdrantOptions { Address = new Uri($"http://localhost:{ClosedPort()}"), RetryAttempts = 0 });
        var failure = await Should.ThrowAsync<QdrantException>(() => store.ChangeAliasesAsync([new AliasChange.Delete("docs")]));
        failure.Kind.ShouldBe(QdrantFailure.Unreachable);
        failure.OutcomeUnknown.ShouldBeFalse();
        failure.Message.ShouldContain("Check that Qdrant is running");
    }

    [Fact]
    public async Task A_host_name_that_does_not_resolve_is_unreachable()
    {
        using var store = new QdrantStore(new QdrantOptions { Address = new Uri("http://no-such-host.invalid:6334"), RetryAttempts = 0 });
        (await Should.ThrowAsync<QdrantException>(() => store.AliasesAsync())).Kind.ShouldBe(QdrantFailure.Unreachable);
    }

    [Fact]
    public async Task A_server_that_is_not_Qdrants_gRPC_port_is_said_to_be_none()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unimplemented));
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => store.AliasesAsync());
        failure.Kind.ShouldBe(QdrantFailure.Unimplemented);
        failure.Message.ShouldContain("gRPC port");
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated, null, "Set an API key")]
    [InlineData(StatusCode.Unauthenticated, "secret-7", "Check the API key")]
    [InlineData(StatusCode.PermissionDenied, "secret-7", "allowed to do this")]
    public async Task A_missing_a_wrong_and_a_weak_key_are_told_apart_and_never_printed(StatusCode code, string? key, string advice)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(code, "denied"));
        using var store = server.Connect(options => options.ApiKey = key);
        var failure = await Should.ThrowAsync<QdrantException>(() => store.AliasesAsync());
        failure.Kind.ShouldBe(QdrantFailure.Unauthenticated);
        failure.Message.ShouldContain(advice);
        failure.ToString().ShouldNotContain("secret-7");
        server.Calls.Single().ApiKey.ShouldBe(key);
    }

    [Fact]
    public async Task The_alias_that_is_missing_is_named_and_differs_from_a_missing_collection()
    {
        await using var server = await ScriptedServer.StartAsync(
            Answer.Fail(StatusCode.NotFound, "Not found: Alias docs.e7.n1 does not exists!"),
            Answer.Fail(StatusCode.NotFound, "Not found: Collection `docs-2` doesn't exist!"));
        using var store = server.Connect();
        AliasChange[] change = [new AliasChange.Rename("docs.e7.n1", "docs.e8.n2"), new AliasChange.Create("docs", "docs-2")];

        var missing = await Should.ThrowAsync<AliasNotFoundException>(() => store.ChangeAliasesAsync(change));
        missing.Alias.ShouldBe("docs.e7.n1");
        missing.Kind.ShouldBe(QdrantFailure.NotFound);
        missing.OutcomeUnknown.ShouldBeFalse();

        var other = await Should.ThrowAsync<QdrantException>(() => store.ChangeAliasesAsync(change));
        other.ShouldNotBeOfType<AliasNotFoundException>();
        other.Kind.ShouldBe(QdrantFailure.NotFound);
    }

    [Fact]
    public async Task A_missing_collection_is_null_and_another_failure_is_not()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.NotFound), Answer.Fail(StatusCode.Internal));
        using var store = server.Connect();
        (await store.FindCollectionAsync("docs")).ShouldBeNull();
        await Should.ThrowAsync<QdrantException>(() => store.FindCollectionAsync("docs"));
    }

    [Fact]
    public async Task A_batch_with_fewer_results_than_queries_is_a_failure_not_an_empty_result()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Ok(new QueryBatchResponse { Result = { new BatchResult() } }));
        using var store = server.Connect();
        var query = new NearestQuery(new[] { 1f });
        (await Should.ThrowAsync<QdrantException>(() => store.SearchBatchAsync("docs", [query, query]))).Message.ShouldContain("1 results for 2 queries");
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
