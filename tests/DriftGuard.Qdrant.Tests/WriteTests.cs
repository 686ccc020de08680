using DriftGuard.Qdrant.Tests.Server;
using Google.Protobuf;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

public class WriteTests
{
    private static readonly Answer Written = Answer.Ok(new PointsOperationResponse
    {
        Result = new UpdateResult { OperationId = 9, Status = UpdateStatus.Completed },
    });

    [Fact]
    public async Task Every_write_waits_and_is_strongly_ordered()
    {
        await using var server = await ScriptedServer.StartAsync(Written);
        using var store = server.Connect();
        var one = PointSelection.Of(PointId.FromNumber(1));
        (await store.UpsertAsync("docs", [NewPoint(PointId.FromNumber(1), [1f])])).ShouldBe(9ul);
        await store.DeleteAsync("docs", one);
        await store.SetPayloadAsync("docs", one, []);
        await store.OverwritePayloadAsync("docs", one, []);
        await store.UpdateVectorsAsync("docs", [NewPointVectors(PointId.FromNumber(1), [1f])]);
        await store.CreatePayloadIndexAsync("docs", "lang", new PayloadSchemaInfo { DataType = PayloadSchemaType.Keyword });

        var writes = server.Calls;
        Ordered(UpsertPoints.Parser, writes[0], request => (request.Wait, request.Ordering));
        Ordered(DeletePoints.Parser, writes[1], request => (request.Wait, request.Ordering));
        Ordered(SetPayloadPoints.Parser, writes[2], request => (request.Wait, request.Ordering));
        Ordered(SetPayloadPoints.Parser, writes[3], request => (request.Wait, request.Ordering));
        Ordered(UpdatePointVectors.Parser, writes[4], request => (request.Wait, request.Ordering));
        Ordered(CreateFieldIndexCollection.Parser, writes[5], request => (request.Wait, request.Ordering));
    }

    [Fact]
    public async Task The_update_mode_is_sent_only_where_it_is_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync(Written);
        using var store = server.Connect();
        var point = NewPoint(PointId.FromNumber(1), [1f]);
        await store.UpsertAsync("docs", [point]);
        await store.UpsertAsync("docs", [point], new UpsertOptions { Mode = UpdateMode.UpdateOnly });
        UpsertPoints.Parser.ParseFrom(server.Calls[0].Request).HasUpdateMode.ShouldBeFalse();
        UpsertPoints.Parser.ParseFrom(server.Calls[1].Request).UpdateMode.ShouldBe(UpdateMode.UpdateOnly);
    }

    [Fact]
    public async Task A_bad_vector_is_refused_before_anything_is_sent()
    {
        await using var server = await ScriptedServer.StartAsync(Written);
        using var store = server.Connect();
        await Should.ThrowAsync<VectorException>(() => store.UpsertAsync("docs", [NewPoint(PointId.FromNumber(1), [1f]), NewPoint(PointId.FromNumber(2), [float.NaN])]));
        await Should.ThrowAsync<VectorException>(() => store.UpdateVectorsAsync("docs", [NewPointVectors(PointId.FromNumber(2), [0f])]));
        await Should.ThrowAsync<VectorException>(() => store.SearchAsync("docs", new NearestQuery(new[] { float.NaN })));
        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_queries_go_in_few_calls_and_come_back_in_order()
    {
        await using var server = await ScriptedServer.StartAsync(call =>
        {
            var reply = new QueryBatchResponse();
            foreach (var query in QueryBatchPoints.Parser.ParseFrom(call.Request).QueryPoints)
                reply.Result.Add(new BatchResult { Result = { new ScoredPoint { Id = new WirePointId { Num = (ulong)query.Query.Nearest.Dense.Data[0] } } } });
            return Answer.Ok(reply);
        });
        using var store = server.Connect();
        var results = await store.SearchBatchAsync("docs", [.. Enumerable.Range(1, 150).Select(i => new NearestQuery(new[] { (float)i }))]);
        results.Select(hits => hits.Single().Id.Number).ShouldBe(Enumerable.Range(1, 150).Select(i => (ulong)i));
        server.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_collection_is_created_as_declared_and_a_state_declares_it_again()
    {
        var declared = new CollectionSchema
        {
            Vectors = new Dictionary<string, VectorSchema>(StringComparer.Ordinal) { ["a"] = new(2, Distance.Dot) { OnDisk = true }, ["b"] = new(3, Distance.Cosine) },
            IndexingThreshold = 0,
            Optimizers = new OptimizersConfigDiff { IndexingThreshold = 20_000, DefaultSegmentNumber = 4 },
            Hnsw = new HnswConfigDiff { M = 32 },
            ShardNumber = 2,
            ReplicationFactor = 3,
            OnDiskPayload = true,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["driftguard.fp"] = "aa" },
        };
        CreateCollection? sent = null;
        await using var server = await ScriptedServer.StartAsync(call =>
        {
            if (call.Method == "Collections/Create")
            {
                sent = CreateCollection.Parser.ParseFrom(call.Request);
                return Answer.Ok(new CollectionOperationResponse { Result = true });
            }
            return Answer.Ok(new GetCollectionInfoResponse { Result = StateOf(sent!) });
        });
        using var store = server.Connect();
        await store.CreateCollectionAsync("docs-1", declared);
        var first = sent!;
        first.OptimizersConfig.IndexingThreshold.ShouldBe(0ul);
        declared.Optimizers.IndexingThreshold.ShouldBe(20_000ul, "the declaration itself is not changed");

        var state = await store.FindCollectionAsync("docs-1");
        state!.IndexingThreshold.ShouldBe(0ul);
        await store.CreateCollectionAsync("docs-1", state.Schema);
        sent.ShouldBe(first);
    }

    private static CollectionInfo StateOf(CreateCollection declared)
    {
        var config = new CollectionConfig
        {
            Params = new CollectionParams
            {
                ShardNumber = declared.ShardNumber,
                ReplicationFactor = declared.ReplicationFactor,
                OnDiskPayload = declared.OnDiskPayload,
                VectorsConfig = declared.VectorsConfig,
            },
            HnswConfig = declared.HnswConfig,
            OptimizerConfig = declared.OptimizersConfig,
        };
        config.Metadata.Add(declared.Metadata);
        return new CollectionInfo { Status = CollectionStatus.Green, OptimizerStatus = new OptimizerStatus { Ok = true }, Config = config };
    }

    private static void Ordered<T>(MessageParser<T> parser, ArrivedCall call, Func<T, (bool Wait, WriteOrdering Ordering)> of)
        where T : IMessage<T>
    {
        var (wait, ordering) = of(parser.ParseFrom(call.Request));
        wait.ShouldBeTrue(call.Method);
        ordering.Type.ShouldBe(WriteOrderingType.Strong, call.Method);
    }
}
