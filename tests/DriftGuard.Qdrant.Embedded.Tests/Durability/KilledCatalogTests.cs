using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

/// <summary>Collections and aliases at a kill: what was acknowledged holds, and no file of a collection is lost or left over.</summary>
public sealed class KilledCatalogTests
{
    private const string Alias = "live";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_acknowledged_switch_survives_a_kill_and_leaves_one_file_a_collection(int seed)
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-kill-catalog-");
        var random = new Random(seed);
        var (acknowledged, next) = (0, 1);
        try
        {
            for (var round = 0; round < 3; round++)
            {
                using var server = await ServerProcess.StartAsync(directory.FullName);
                acknowledged = await CheckAsync(server.Client, directory, acknowledged, next - 1);
                (acknowledged, next) = await SwitchUntilKilledAsync(server, acknowledged, next, random.Next(5, 25));
            }

            await using var reopened = await TestServer.StartAsync(directory.FullName);
            await CheckAsync(reopened.Client, directory, acknowledged, next - 1);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Generations one after another: create the next, fill it, switch the alias, delete the last one; killed in the middle of one.</summary>
    private static async Task<(int Acknowledged, int Next)> SwitchUntilKilledAsync(ServerProcess server, int acknowledged, int next, int killAfter)
    {
        Task? kill = null;
        for (var switched = 0; ; switched++)
        {
            if (switched == killAfter) kill = Task.Run(server.KillAsync);
            var generation = next++;
            try
            {
                await server.Client.CreateAsync(Name(generation), 2);
                await server.Client.UpsertAsync(Name(generation), Api.Point((ulong)generation, [1, 2]));
                await server.Client.AliasesAsync(Api.Alias(Alias, Name(generation)));
                var last = acknowledged;
                acknowledged = generation;
                if (last > 0) await DeleteAsync(server.Client, last);
            }
            catch (RpcException)
            {
                await kill!;
                return (acknowledged, next);
            }
        }
    }

    /// <summary>The alias leads to the acknowledged generation or to the one under way, which holds its point. Other collections are cleared away.</summary>
    private static async Task<int> CheckAsync(Client client, DirectoryInfo directory, int acknowledged, int underWay)
    {
        var names = (await client.CallAsync<ListCollectionsResponse>("Collections", "List", new ListCollectionsRequest())).Collections.Select(collection => collection.Name).ToArray();
        directory.EnumerateFiles("*.points.db").Count().ShouldBe(names.Length);
        if (acknowledged == 0) return 0;
        var live = (int)(await client.ScrollAsync(Alias)).Result.ShouldHaveSingleItem().Id.Num;
        live.ShouldBeOneOf(acknowledged, underWay);
        foreach (var name in names.Where(name => name != Name(live)))
            await client.CallAsync<CollectionOperationResponse>("Collections", "Delete", new DeleteCollection { CollectionName = name });
        return live;
    }

    private static Task<CollectionOperationResponse> DeleteAsync(Client client, int generation) =>
        client.CallAsync<CollectionOperationResponse>("Collections", "Delete", new DeleteCollection { CollectionName = Name(generation) });

    private static string Name(int generation) => $"generation-{generation}";
}
