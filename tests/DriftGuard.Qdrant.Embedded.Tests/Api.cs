using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests;

/// <summary>The requests that the tests send again and again.</summary>
internal static class Api
{
    public static Task<CollectionOperationResponse> CreateAsync(this Client client, string name, int size, Distance distance = Distance.Dot) =>
        client.CallAsync<CollectionOperationResponse>("Collections", "Create", new CreateCollection
        {
            CollectionName = name,
            VectorsConfig = new VectorsConfig { Params = new VectorParams { Size = (ulong)size, Distance = distance } },
        });

    public static Task<PointsOperationResponse> UpsertAsync(this Client client, string name, params IEnumerable<PointStruct> points) =>
        client.CallAsync<PointsOperationResponse>("Points", "Upsert", new UpsertPoints { CollectionName = name, Wait = true, Points = { points } });

    public static Task<PointsOperationResponse> DeleteAsync(this Client client, string name, params IEnumerable<ulong> ids) =>
        client.CallAsync<PointsOperationResponse>("Points", "Delete", new DeletePoints { CollectionName = name, Wait = true, Points = Ids(ids) });

    public static Task<PointsOperationResponse> SetPayloadAsync(this Client client, string name, string key, long value, params IEnumerable<ulong> ids) =>
        client.CallAsync<PointsOperationResponse>("Points", "SetPayload", new SetPayloadPoints
        {
            CollectionName = name,
            Wait = true,
            PointsSelector = Ids(ids),
            Payload = { [key] = new Value { IntegerValue = value } },
        });

    public static Task<ScrollResponse> ScrollAsync(this Client client, string name, Filter? filter = null, uint limit = 100_000, bool vectors = true) =>
        client.CallAsync<ScrollResponse>("Points", "Scroll", new ScrollPoints
        {
            CollectionName = name,
            Filter = filter,
            Limit = limit,
            WithVectors = new WithVectorsSelector { Enable = vectors },
        });

    public static async Task<ulong> CountAsync(this Client client, string name) =>
        (await client.CallAsync<CountResponse>("Points", "Count", new CountPoints { CollectionName = name, Exact = true })).Result.Count;

    public static Task<CollectionOperationResponse> AliasesAsync(this Client client, params IEnumerable<AliasOperations> actions) =>
        client.CallAsync<CollectionOperationResponse>("Collections", "UpdateAliases", new ChangeAliases { Actions = { actions } });

    public static AliasOperations Alias(string alias, string collection) =>
        new() { CreateAlias = new CreateAlias { AliasName = alias, CollectionName = collection } };

    public static PointStruct Point(ulong id, float[] vector, params (string Key, long Value)[] payload)
    {
        var point = new PointStruct { Id = new PointId { Num = id }, Vectors = Vectors(vector) };
        foreach (var (key, value) in payload) point.Payload[key] = new Value { IntegerValue = value };
        return point;
    }

    public static Vectors Vectors(float[] vector) => new() { Vector = Vector(vector) };

    public static Vector Vector(float[] vector) => new() { Dense = new DenseVector { Data = { vector } } };

    public static Vectors Named(params IEnumerable<(string Name, float[] Vector)> vectors)
    {
        var named = new NamedVectors();
        foreach (var (name, vector) in vectors) named.Vectors[name] = Vector(vector);
        return new Vectors { Vectors_ = named };
    }

    private static PointsSelector Ids(IEnumerable<ulong> ids) =>
        new() { Points = new PointsIdsList { Ids = { ids.Select(id => new PointId { Num = id }) } } };
}
