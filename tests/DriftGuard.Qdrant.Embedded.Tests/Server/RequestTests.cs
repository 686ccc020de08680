using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Server;

public sealed class RequestTests
{
    [Fact]
    public async Task Requests_without_the_api_key_or_with_a_wrong_one_are_refused_as_Qdrant_does()
    {
        await using var server = await TestServer.StartAsync(apiKey: "secret");
        Task<ListCollectionsResponse> List(Metadata? headers) =>
            server.Client.CallAsync<ListCollectionsResponse>("Collections", "List", new ListCollectionsRequest(), headers);

        var missing = await Should.ThrowAsync<RpcException>(() => List(headers: null));
        missing.Status.ShouldBe(new Status(StatusCode.Unauthenticated, "Must provide an API key or an Authorization bearer token"));
        var wrong = await Should.ThrowAsync<RpcException>(() => List(new Metadata { { "api-key", "other" } }));
        wrong.Status.ShouldBe(new Status(StatusCode.Unauthenticated, "Invalid API key or JWT"));
        (await List(new Metadata { { "api-key", "secret" } })).Collections.ShouldBeEmpty();
        (await List(new Metadata { { "authorization", "Bearer secret" } })).Collections.ShouldBeEmpty();
        (await server.Client.CallAsync<HealthCheckReply>("Qdrant", "HealthCheck", new HealthCheckRequest())).Version.ShouldBe("1.18.3");
    }

    [Fact]
    public async Task A_stranger_is_refused_before_the_message_has_come()
    {
        await using var server = await TestServer.StartAsync(apiKey: "secret");
        using var http = new HttpClient();
        var neverEnds = new TaskCompletionSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/qdrant.Points/Upsert"))
        {
            Version = new Version(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new UnfinishedContent(neverEnds.Task),
        };
        request.Headers.Add("te", "trailers");

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        answer.Headers.GetValues("grpc-status").ShouldBe([((int)StatusCode.Unauthenticated).ToString(CultureInfo.InvariantCulture)]);
        neverEnds.SetResult();
    }

    [Theory]
    [InlineData("qdrant.Points/Delete")]
    [InlineData("qdrant.Points/Upsert")]
    [InlineData("qdrant.Collections/Create")]
    [InlineData("qdrant.Snapshots/List")]
    [InlineData("qdrant.Qdrant/HealthCheck")]
    public async Task A_message_that_cannot_be_read_is_the_callers_mistake(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var bytes = Marshallers.Create<byte[]>(message => message, message => message);
        var method = new Method<byte[], byte[]>(MethodType.Unary, path.Split('/')[0], path.Split('/')[1], bytes, bytes);

        var refused = await Should.ThrowAsync<RpcException>(() => channel.CreateCallInvoker().AsyncUnaryCall(method, host: null, default, [0x0A, 0xFF]).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldNotBe("Exception was thrown by handler.");
    }

    [Fact]
    public async Task A_batch_of_tens_of_megabytes_is_taken_and_given_back()
    {
        const int count = 20_000;
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 384);

        await server.Client.UpsertAsync("docs", Enumerable.Range(0, count).Select(id => Api.Point((ulong)id, [.. Enumerable.Repeat((float)id, 384)], ("n", id))));

        var all = (await server.Client.ScrollAsync("docs")).Result;
        all.Count.ShouldBe(count);
        all[count - 1].Vectors.Vector.Dense.Data.ShouldAllBe(value => value == count - 1);
    }

    [Theory]
    [InlineData("Recommend", """{"query": {"recommend": {}}}""")]
    [InlineData("Discover", """{"query": {"discover": {}}}""")]
    [InlineData("Context", """{"query": {"context": {}}}""")]
    [InlineData("OrderBy", """{"query": {"order_by": {"key": "n"}}}""")]
    [InlineData("Fusion", """{"query": {"fusion": "RRF"}}""")]
    [InlineData("Sample", """{"query": {"sample": "Random"}}""")]
    [InlineData("Formula", """{"query": {"formula": {}}}""")]
    [InlineData("Sparse", """{"query": {"nearest": {"sparse": {}}}}""")]
    [InlineData("prefetch", """{"prefetch": [{}]}""")]
    [InlineData("lookup_from", """{"lookup_from": {}}""")]
    [InlineData("shard keys", """{"shard_key_selector": {}}""")]
    public async Task What_is_not_supported_is_refused_and_named(string what, string json)
    {
        var query = QueryPoints.Parser.ParseJson(json);
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        query.CollectionName = "docs";

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.CallAsync<QueryResponse>("Points", "Query", query));

        refusal.StatusCode.ShouldBe(StatusCode.Unimplemented);
        refusal.Status.Detail.ShouldContain(what);
    }

    [Fact]
    public async Task What_came_before_a_malformed_operation_of_a_batch_stays_as_in_Qdrant()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        var upsert = new PointsUpdateOperation { Upsert = new PointsUpdateOperation.Types.PointStructList { Points = { Api.Point(1, [1, 2]) } } };
        var batch = new UpdateBatchPoints { CollectionName = "docs", Wait = true, Operations = { upsert, new PointsUpdateOperation() } };

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.CallAsync<UpdateBatchResponse>("Points", "UpdateBatch", batch));

        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await server.Client.CountAsync("docs")).ShouldBe(1UL);
    }

    [Theory]
    [InlineData("qdrant.Points", "Search", "Query")]
    [InlineData("qdrant.Points", "SearchBatch", "QueryBatch")]
    [InlineData("qdrant.Points", "Recommend", null)]
    [InlineData("qdrant.Points", "SearchMatrixPairs", null)]
    [InlineData("qdrant.Collections", "ListShardKeys", null)]
    [InlineData("grpc.health.v1.Health", "Check", null)]
    [InlineData("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo", null)]
    public async Task A_method_that_is_not_there_is_refused_by_name(string service, string method, string? instead)
    {
        await using var server = await TestServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(server.Address);
        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, service, method, bytes, bytes), host: null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)), []);

        var refusal = await Should.ThrowAsync<RpcException>(() => call.ResponseAsync);

        refusal.StatusCode.ShouldBe(StatusCode.Unimplemented);
        refusal.Status.Detail.ShouldStartWith($"The embedded Qdrant does not support {service}/{method}; use a Qdrant server for it.");
        if (instead is not null) refusal.Status.Detail.ShouldContain($"use {instead}:");
    }

    [Fact]
    public async Task A_vector_that_is_not_dense_is_refused_and_nothing_is_stored()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        var sparse = new PointStruct { Id = new PointId { Num = 2 }, Vectors = new Vectors { Vector = new Vector { Sparse = new SparseVector { Values = { 1 }, Indices = { 1 } } } } };

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.UpsertAsync("docs", Api.Point(1, [1, 2]), sparse));

        refusal.StatusCode.ShouldBe(StatusCode.Unimplemented);
        (await server.Client.CountAsync("docs")).ShouldBe(0UL);
    }

    [Fact]
    public async Task The_deprecated_form_of_a_vector_is_still_taken()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);

        await server.Client.UpsertAsync("docs",
            new PointStruct { Id = new PointId { Num = 1 }, Vectors = new Vectors { Vector = new Vector { Data = { 3, 4 } } } });

        (await server.Client.ScrollAsync("docs")).Result.ShouldHaveSingleItem().Vectors.Vector.Dense.Data.ShouldBe([3f, 4f]);
    }

    [Fact]
    public async Task A_number_that_JSON_cannot_hold_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        await server.Client.CreateAsync("docs", 2);
        var point = Api.Point(1, [1, 2]);
        point.Payload["x"] = new Value { ListValue = new ListValue { Values = { new Value { DoubleValue = double.NaN } } } };

        var refusal = await Should.ThrowAsync<RpcException>(() => server.Client.UpsertAsync("docs", point));

        refusal.Status.ShouldBe(new Status(StatusCode.InvalidArgument, "cannot convert to json number"));
    }

    /// <summary>The beginning of a message of 400 MB, whose rest never comes.</summary>
    private sealed class UnfinishedContent : HttpContent
    {
        private readonly Task _end;

        public UnfinishedContent(Task end)
        {
            _end = end;
            Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0x18, 0, 0, 0, 0 });
            await stream.FlushAsync();
            await _end;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
