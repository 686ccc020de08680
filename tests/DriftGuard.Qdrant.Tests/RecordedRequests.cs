using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests;

/// <summary>
/// Requests without what the client decides by itself: how long the server may take, strong ordering, and defaults that it writes out.
/// </summary>
internal static class RecordedRequests
{
    public static IMessage Comparable(string method, byte[] bytes)
    {
        switch (method)
        {
            case "Qdrant/HealthCheck":
                return HealthCheckRequest.Parser.ParseFrom(bytes);
            case "Collections/List":
                return ListCollectionsRequest.Parser.ParseFrom(bytes);
            case "Collections/ListAliases":
                return ListAliasesRequest.Parser.ParseFrom(bytes);
            case "Collections/Get":
                return GetCollectionInfoRequest.Parser.ParseFrom(bytes);
            case "Collections/CollectionExists":
                return CollectionExistsRequest.Parser.ParseFrom(bytes);
            case "Collections/CollectionClusterInfo":
                return CollectionClusterInfoRequest.Parser.ParseFrom(bytes);
            case "Collections/Create":
                var create = CreateCollection.Parser.ParseFrom(bytes);
                create.ClearTimeout();
                return create;
            case "Collections/Update":
                var update = UpdateCollection.Parser.ParseFrom(bytes);
                update.ClearTimeout();
                return update;
            case "Collections/Delete":
                var delete = DeleteCollection.Parser.ParseFrom(bytes);
                delete.ClearTimeout();
                return delete;
            case "Collections/UpdateAliases":
                var aliases = ChangeAliases.Parser.ParseFrom(bytes);
                aliases.ClearTimeout();
                return aliases;
            case "Points/Upsert":
                var upsert = UpsertPoints.Parser.ParseFrom(bytes);
                upsert.Ordering = null;
                return upsert;
            case "Points/Delete":
                var deletePoints = DeletePoints.Parser.ParseFrom(bytes);
                deletePoints.Ordering = null;
                return deletePoints;
            case "Points/UpdateVectors":
                var vectors = UpdatePointVectors.Parser.ParseFrom(bytes);
                vectors.Ordering = null;
                return vectors;
            case "Points/SetPayload" or "Points/OverwritePayload":
                var payload = SetPayloadPoints.Parser.ParseFrom(bytes);
                payload.Ordering = null;
                return payload;
            case "Points/CreateFieldIndex":
                var index = CreateFieldIndexCollection.Parser.ParseFrom(bytes);
                index.Ordering = null;
                return index;
            case "Points/Get":
                var get = GetPoints.Parser.ParseFrom(bytes);
                get.WithPayload ??= new WithPayloadSelector { Enable = false };
                get.WithVectors ??= new WithVectorsSelector { Enable = false };
                return get;
            case "Points/Scroll":
                var scroll = ScrollPoints.Parser.ParseFrom(bytes);
                scroll.Offset ??= new WirePointId { Num = 0 };
                scroll.WithPayload ??= new WithPayloadSelector { Enable = false };
                scroll.WithVectors ??= new WithVectorsSelector { Enable = false };
                if (!scroll.HasLimit)
                    scroll.Limit = 10;
                return scroll;
            case "Points/Count":
                return CountPoints.Parser.ParseFrom(bytes);
            case "Points/Query":
                return Fill(QueryPoints.Parser.ParseFrom(bytes));
            case "Points/QueryBatch":
                var batch = QueryBatchPoints.Parser.ParseFrom(bytes);
                foreach (var query in batch.QueryPoints)
                    Fill(query);
                return batch;
            default:
                throw new ArgumentException($"no comparison for {method}", nameof(method));
        }
    }

    private static QueryPoints Fill(QueryPoints query)
    {
        query.WithPayload ??= new WithPayloadSelector { Enable = false };
        query.WithVectors = null;
        query.Params ??= new SearchParams { Exact = false };
        if (!query.HasLimit)
            query.Limit = 10;
        return query;
    }
}
