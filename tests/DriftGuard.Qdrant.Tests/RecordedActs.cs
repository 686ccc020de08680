using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Grpc.Core;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

/// <summary>Makes a recorded request through the client, and checks that it understood the recorded answer.</summary>
internal static class RecordedActs
{
    /// <summary>The act of a step; null where the client does not offer the request, or refuses it before it is sent.</summary>
    public static Func<QdrantStore, Task>? Of(RecordedStep step) => step.Method switch
    {
        "Qdrant/HealthCheck" => store => HealthAsync(store, step),
        "Collections/List" => async store =>
            (await store.ListCollectionsAsync()).ShouldBe(
                ListCollectionsResponse.Parser.ParseFrom(step.Response).Collections.Select(item => item.Name), ignoreOrder: true),
        "Collections/ListAliases" => async store =>
            (await store.AliasesAsync()).Targets.ShouldBe(
                ListAliasesResponse.Parser.ParseFrom(step.Response).Aliases.ToDictionary(item => item.AliasName, item => item.CollectionName, StringComparer.Ordinal), ignoreOrder: true),
        "Collections/CollectionExists" => async store =>
            (await store.ExistsAsync(CollectionExistsRequest.Parser.ParseFrom(step.Request).CollectionName))
                .ShouldBe(CollectionExistsResponse.Parser.ParseFrom(step.Response).Result.Exists),
        "Collections/Get" => store => GetCollectionAsync(store, step),
        "Collections/CollectionClusterInfo" => store => ClusterAsync(store, step),
        "Collections/Create" => Create(CreateCollection.Parser.ParseFrom(step.Request)),
        "Collections/Update" => Update(UpdateCollection.Parser.ParseFrom(step.Request)),
        "Collections/Delete" => async store =>
            (await store.DeleteCollectionAsync(DeleteCollection.Parser.ParseFrom(step.Request).CollectionName))
                .ShouldBe(CollectionOperationResponse.Parser.ParseFrom(step.Response).Result),
        "Collections/UpdateAliases" => store => store.ChangeAliasesAsync(
            [.. ChangeAliases.Parser.ParseFrom(step.Request).Actions.Select(ToChange)]),
        "Points/Upsert" => Upsert(UpsertPoints.Parser.ParseFrom(step.Request), step),
        "Points/Delete" => Delete(DeletePoints.Parser.ParseFrom(step.Request), step),
        "Points/SetPayload" or "Points/OverwritePayload" => SetPayload(SetPayloadPoints.Parser.ParseFrom(step.Request), step),
        "Points/UpdateVectors" => UpdateVectors(UpdatePointVectors.Parser.ParseFrom(step.Request), step),
        "Points/Get" => Get(GetPoints.Parser.ParseFrom(step.Request), step),
        "Points/Scroll" => Scroll(ScrollPoints.Parser.ParseFrom(step.Request), step),
        "Points/Count" => store => CountAsync(store, step),
        "Points/Query" => Query(QueryPoints.Parser.ParseFrom(step.Request), step),
        "Points/QueryBatch" => QueryBatch(QueryBatchPoints.Parser.ParseFrom(step.Request), step),
        _ => null,
    };

    private static async Task HealthAsync(QdrantStore store, RecordedStep step)
    {
        var expected = HealthCheckReply.Parser.ParseFrom(step.Response);
        var server = await store.ServerAsync();
        server.VersionText.ShouldBe(expected.Version);
        server.Version.ToString().ShouldBe(expected.Version);
        server.IsSupported.ShouldBeTrue();
    }

    private static async Task ClusterAsync(QdrantStore store, RecordedStep step)
    {
        var expected = CollectionClusterInfoResponse.Parser.ParseFrom(step.Response);
        var cluster = await store.ClusterOfAsync(CollectionClusterInfoRequest.Parser.ParseFrom(step.Request).CollectionName);
        cluster.PeerId.ShouldBe(expected.PeerId);
        cluster.Replicas.ShouldBe([new ShardReplica(0, expected.PeerId, ReplicaState.Active, 0)]);
        cluster.AllActive.ShouldBeTrue();
    }

    private static async Task CountAsync(QdrantStore store, RecordedStep step)
    {
        var request = CountPoints.Parser.ParseFrom(step.Request);
        (await store.CountAsync(request.CollectionName, request.Filter, request.Exact)).ShouldBe(CountResponse.Parser.ParseFrom(step.Response).Result.Count);
    }

    private static async Task GetCollectionAsync(QdrantStore store, RecordedStep step)
    {
        var state = await store.FindCollectionAsync(GetCollectionInfoRequest.Parser.ParseFrom(step.Request).CollectionName);
        if (step.Code == StatusCode.NotFound)
        {
            state.ShouldBeNull();
            return;
        }
        var expected = GetCollectionInfoResponse.Parser.ParseFrom(step.Response).Result;
        state.ShouldNotBeNull();
        state.Status.ShouldBe(expected.Status);
        state.OptimizerOk.ShouldBeTrue();
        state.PointsCount.ShouldBe(expected.PointsCount);
        state.IndexingThreshold.ShouldBe(expected.Config.OptimizerConfig.IndexingThreshold);
        state.UpdateQueueLength.ShouldBe(expected.UpdateQueue?.Length);
        state.Metadata.Keys.ShouldBe(expected.Config.Metadata.Keys, ignoreOrder: true);
        var config = expected.Config.Params.VectorsConfig;
        state.Vectors.ToDictionary(item => item.Key, item => (item.Value.Size, item.Value.Distance), StringComparer.Ordinal).ShouldBe(
            config.ConfigCase == VectorsConfig.ConfigOneofCase.Params
                ? new Dictionary<string, (int, Distance)>(StringComparer.Ordinal) { [""] = ((int)config.Params.Size, config.Params.Distance) }
                : config.ParamsMap.Map.ToDictionary(item => item.Key, item => ((int)item.Value.Size, item.Value.Distance), StringComparer.Ordinal),
            ignoreOrder: true);
    }

    private static Func<QdrantStore, Task>? Create(CreateCollection request)
    {
        // The client declares metadata as flat texts.
        if (request.Metadata.Values.Any(value => value.KindCase != Value.KindOneofCase.StringValue))
            return null;
        var config = request.VectorsConfig;
        var vectors = config?.ParamsMap?.Map.ToDictionary(item => item.Key, item => new VectorSchema((int)item.Value.Size, item.Value.Distance), StringComparer.Ordinal) ?? new(StringComparer.Ordinal);
        if (config?.Params is { } single)
            vectors[""] = new VectorSchema((int)single.Size, single.Distance);
        return store => store.CreateCollectionAsync(request.CollectionName, new CollectionSchema { Vectors = vectors });
    }

    private static Func<QdrantStore, Task>? Update(UpdateCollection request)
    {
        if (request.StrictModeConfig is { } strictMode)
            return store => store.SetStrictModeAsync(request.CollectionName, strictMode);
        if (request.HnswConfig is not null || request.Metadata.Values.Any(value => value.KindCase is not (Value.KindOneofCase.StringValue or Value.KindOneofCase.NullValue)))
            return null;
        return store => store.SetMetadataAsync(
            request.CollectionName,
            request.Metadata.ToDictionary(item => item.Key, item => item.Value.KindCase == Value.KindOneofCase.NullValue ? null : item.Value.StringValue, StringComparer.Ordinal));
    }

    private static AliasChange ToChange(AliasOperations action) => action.ActionCase switch
    {
        AliasOperations.ActionOneofCase.CreateAlias => new AliasChange.Create(action.CreateAlias.AliasName, action.CreateAlias.CollectionName),
        AliasOperations.ActionOneofCase.RenameAlias => new AliasChange.Rename(action.RenameAlias.OldAliasName, action.RenameAlias.NewAliasName),
        _ => new AliasChange.Delete(action.DeleteAlias.AliasName),
    };

    private static Func<QdrantStore, Task>? Upsert(UpsertPoints request, RecordedStep step)
    {
        // The client always waits, and refuses zero vectors.
        if (!request.Wait || step.Note.StartsWith("zero vector", StringComparison.Ordinal))
            return null;
        var conditions = new UpsertOptions { UpdateFilter = request.UpdateFilter, Mode = request.UpdateMode };
        return async store => (await store.UpsertAsync(request.CollectionName, request.Points, conditions)).ShouldBe(OperationId(step));
    }

    private static Func<QdrantStore, Task>? Delete(DeletePoints request, RecordedStep step)
    {
        if (!request.Wait || request.Points is null)
            return null;
        return async store => (await store.DeleteAsync(request.CollectionName, Selection(request.Points))).ShouldBe(OperationId(step));
    }

    private static Func<QdrantStore, Task>? SetPayload(SetPayloadPoints request, RecordedStep step)
    {
        if (!request.Wait || request.HasKey)
            return null;
        var points = Selection(request.PointsSelector);
        return step.Method == "Points/SetPayload"
            ? async store => (await store.SetPayloadAsync(request.CollectionName, points, request.Payload)).ShouldBe(OperationId(step))
            : async store => (await store.OverwritePayloadAsync(request.CollectionName, points, request.Payload)).ShouldBe(OperationId(step));
    }

    private static Func<QdrantStore, Task>? UpdateVectors(UpdatePointVectors request, RecordedStep step) => !request.Wait
        ? null
        : async store => (await store.UpdateVectorsAsync(request.CollectionName, request.Points, updateFilter: request.UpdateFilter)).ShouldBe(OperationId(step));

    private static Func<QdrantStore, Task>? Get(GetPoints request, RecordedStep step)
    {
        // Of no ids the client knows the answer itself.
        if (request.Ids.Count == 0 || Shape(request.WithPayload, request.WithVectors) is not { } shape)
            return null;
        return async store => Same(
            await store.RetrieveAsync(request.CollectionName, [.. request.Ids.Select(id => id.ToPointId())], shape),
            GetResponse.Parser.ParseFrom(step.Response).Result);
    }

    private static Func<QdrantStore, Task>? Scroll(ScrollPoints request, RecordedStep step)
    {
        if (request.HasLimit && request.Limit == 0 || request.OrderBy is not null || Shape(request.WithPayload, request.WithVectors) is not { } shape)
            return null;
        return async store =>
        {
            var limit = request.HasLimit ? (int)request.Limit : 10;
            var page = await store.ScrollAsync(request.CollectionName, request.Offset?.ToPointId() ?? PointId.First, limit, shape, request.Filter);
            var expected = ScrollResponse.Parser.ParseFrom(step.Response);
            page.Next.ShouldBe(expected.NextPageOffset?.ToPointId());
            Same(page.Points, expected.Result);
            page.Points.Select(IdOf).ShouldBeInOrder(SortDirection.Ascending);
        };
    }

    private static Func<QdrantStore, Task>? Query(QueryPoints request, RecordedStep step) => ToQuery(request) is not { } query
        ? null
        : async store => Same(await store.SearchAsync(request.CollectionName, query), QueryResponse.Parser.ParseFrom(step.Response).Result);

    private static Func<QdrantStore, Task>? QueryBatch(QueryBatchPoints request, RecordedStep step) => async store =>
    {
        var results = await store.SearchBatchAsync(request.CollectionName, [.. request.QueryPoints.Select(query => ToQuery(query)!)]);
        var expected = QueryBatchResponse.Parser.ParseFrom(step.Response).Result;
        results.Count.ShouldBe(expected.Count);
        for (var i = 0; i < expected.Count; i++)
            Same(results[i], expected[i].Result);
    };

    private static NearestQuery? ToQuery(QueryPoints request)
    {
        // The client refuses a zero query, and knows no threshold and no offset.
        if (request.Query?.Nearest?.Dense is not { } dense || dense.Data.All(static value => value == 0) || request.HasScoreThreshold || request.HasOffset || request is { HasLimit: true, Limit: 0 })
            return null;
        return new NearestQuery(dense.Data.ToArray())
        {
            Limit = request.HasLimit ? (int)request.Limit : 10,
            VectorName = request.Using,
            Exact = request.Params?.Exact ?? false,
            Filter = request.Filter,
            Payload = Shape(request.WithPayload, null)!.Payload,
        };
    }

    private static ReadShape? Shape(WithPayloadSelector? payload, WithVectorsSelector? vectors)
    {
        var selection = payload?.SelectorOptionsCase switch
        {
            null => PayloadSelection.None,
            WithPayloadSelector.SelectorOptionsOneofCase.Enable => payload.Enable ? PayloadSelection.All : PayloadSelection.None,
            WithPayloadSelector.SelectorOptionsOneofCase.Include => PayloadSelection.Keys(payload.Include.Fields),
            _ => null,
        };
        return selection is null ? null : new ReadShape(selection, vectors?.Enable ?? false);
    }

    private static PointSelection Selection(PointsSelector wire) => wire.PointsSelectorOneOfCase == PointsSelector.PointsSelectorOneOfOneofCase.Filter
        ? PointSelection.Where(wire.Filter)
        : PointSelection.Of(wire.Points.Ids.Select(id => id.ToPointId()));

    private static ulong OperationId(RecordedStep step) => PointsOperationResponse.Parser.ParseFrom(step.Response).Result.OperationId;

    private static void Same(IReadOnlyList<RetrievedPoint> points, RepeatedField<RetrievedPoint> expected)
    {
        points.Count.ShouldBe(expected.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            IdOf(points[i]).ShouldBe(expected[i].Id.ToPointId());
            PayloadHash.Of(points[i].Payload).ShouldBe(PayloadHash.Of(expected[i].Payload));
            if (expected[i].Vectors?.Vector is { } vector)
                SameVector(points[i], "", vector);
            foreach (var (name, named) in expected[i].Vectors?.Vectors?.Vectors ?? [])
                SameVector(points[i], name, named);
        }
    }

    private static void SameVector(RetrievedPoint point, string name, VectorOutput expected)
    {
#pragma warning disable CS0612 // 1.16 answers in the deprecated field.
        var values = expected.Dense?.Data ?? expected.Data;
#pragma warning restore CS0612
        values.Count.ShouldBeGreaterThan(0);
        VectorOf(point, name).ShouldBe([.. values]);
        VectorSpanOf(point, name).ToArray().ShouldBe([.. values]);
    }

    private static void Same(IReadOnlyList<ScoredHit> hits, RepeatedField<ScoredPoint> expected) =>
        hits.Select(hit => (hit.Id, hit.Score, PayloadHash.Of(hit.Payload)))
            .ShouldBe(expected.Select(point => (point.Id.ToPointId(), point.Score, PayloadHash.Of(point.Payload))));
}
