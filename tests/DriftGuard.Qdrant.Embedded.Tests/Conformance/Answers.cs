using Google.Protobuf;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Conformance;

/// <summary>What the methods of the recordings answer with.</summary>
internal static class Answers
{
    private static readonly Dictionary<string, MessageParser> Parsers = new(StringComparer.Ordinal)
    {
        ["/qdrant.Qdrant/HealthCheck"] = HealthCheckReply.Parser,
        ["/qdrant.Collections/Get"] = GetCollectionInfoResponse.Parser,
        ["/qdrant.Collections/List"] = ListCollectionsResponse.Parser,
        ["/qdrant.Collections/Create"] = CollectionOperationResponse.Parser,
        ["/qdrant.Collections/Update"] = CollectionOperationResponse.Parser,
        ["/qdrant.Collections/Delete"] = CollectionOperationResponse.Parser,
        ["/qdrant.Collections/UpdateAliases"] = CollectionOperationResponse.Parser,
        ["/qdrant.Collections/ListAliases"] = ListAliasesResponse.Parser,
        ["/qdrant.Collections/ListCollectionAliases"] = ListAliasesResponse.Parser,
        ["/qdrant.Collections/CollectionExists"] = CollectionExistsResponse.Parser,
        ["/qdrant.Collections/CollectionClusterInfo"] = CollectionClusterInfoResponse.Parser,
        ["/qdrant.Points/Get"] = GetResponse.Parser,
        ["/qdrant.Points/Scroll"] = ScrollResponse.Parser,
        ["/qdrant.Points/Count"] = CountResponse.Parser,
        ["/qdrant.Points/Query"] = QueryResponse.Parser,
        ["/qdrant.Points/QueryBatch"] = QueryBatchResponse.Parser,
        ["/qdrant.Points/UpdateBatch"] = UpdateBatchResponse.Parser,
    };

    /// <summary>Every other method of <c>qdrant.Points</c> is an update, and all of those answer alike.</summary>
    public static IMessage Parse(string method, byte[] response) =>
        Parsers.GetValueOrDefault(method, PointsOperationResponse.Parser).ParseFrom(response);
}
