using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Durability;

/// <summary>What was acknowledged survives the death of the process, and an operation under way then is stored whole or not at all.</summary>
public sealed class KilledServerTests
{
    private const string Collection = "docs";
    private const int BatchSize = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_acknowledged_write_survives_a_kill(int seed)
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-kill-");
        var random = new Random(seed);
        var model = new Model();
        try
        {
            for (var round = 0; round < 3; round++)
            {
                using var server = await ServerProcess.StartAsync(directory.FullName);
                if (round == 0) await server.Client.CreateAsync(Collection, 8);
                else await model.CheckAsync(server.Client);
                await WriteUntilKilledAsync(server, model, random);
            }

            await using var reopened = await TestServer.StartAsync(directory.FullName);
            await model.CheckAsync(reopened.Client);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>One writer, and a kill on another thread at a random acknowledgement: the writer is in the middle of something by then.</summary>
    private static async Task WriteUntilKilledAsync(ServerProcess server, Model model, Random random)
    {
        var killAfter = random.Next(20, 200);
        Task? kill = null;
        for (var acknowledged = 0; ; acknowledged++)
        {
            if (acknowledged == killAfter) kill = Task.Run(server.KillAsync);
            var write = Write.Next(random);
            model.Begin(write);
            try
            {
                await write.SendAsync(server.Client);
                model.Acknowledge();
            }
            catch (RpcException)
            {
                await kill!;
                return;
            }
        }
    }

    /// <summary>One operation on points <c>First..First+BatchSize-1</c>.</summary>
    private sealed record Write(int Kind, ulong First, long Number)
    {
        public static Write Next(Random random) => new(random.Next(4), (ulong)random.Next(10) * BatchSize, random.NextInt64(1 << 20));

        private IEnumerable<ulong> Ids => Enumerable.Range((int)First, BatchSize).Select(id => (ulong)id);

        public Task<PointsOperationResponse> SendAsync(Client client) => Kind switch
        {
            0 => client.DeleteAsync(Collection, Ids),
            1 => client.CallAsync<PointsOperationResponse>("Points", "SetPayload", new SetPayloadPoints
            {
                CollectionName = Collection,
                Wait = true,
                PointsSelector = new PointsSelector
                {
                    Filter = new Filter { Must = { new Condition { HasId = new HasIdCondition { HasId = { Ids.Select(id => new PointId { Num = id }) } } } } },
                },
                Payload = { ["edited"] = new Value { IntegerValue = Number } },
            }),
            _ => client.UpsertAsync(Collection, Ids.Select(id => Api.Point(id, Vector(), ("number", Number)))),
        };

        public void ApplyTo(Dictionary<ulong, (long Number, long? Edited)> points)
        {
            foreach (var id in Ids)
            {
                if (Kind == 0) points.Remove(id);
                else if (Kind > 1) points[id] = (Number, null);
                else if (points.TryGetValue(id, out var point)) points[id] = (point.Number, Number);
            }
        }

        private float[] Vector() => [.. Enumerable.Range(0, 8).Select(i => (float)(Number % 1000) + i)];
    }

    private sealed class Model
    {
        private Dictionary<ulong, (long Number, long? Edited)> _points = [];
        private Write? _underWay;

        public void Begin(Write write) => _underWay = write;

        public void Acknowledge()
        {
            _underWay!.ApplyTo(_points);
            _underWay = null;
        }

        /// <summary>The stored points are those of all acknowledged writes, with the one under way at the kill wholly or not at all.</summary>
        public async Task CheckAsync(Client client)
        {
            var stored = (await client.ScrollAsync(Collection)).Result.ToDictionary(point => point.Id.Num, Read);
            var withLast = new Dictionary<ulong, (long, long?)>(_points);
            _underWay?.ApplyTo(withLast);
            _underWay = null;
            var acknowledged = Same(stored, _points);
            (acknowledged || Same(stored, withLast)).ShouldBeTrue($"{stored.Count} points stored, {_points.Count} or {withLast.Count} expected");
            _points = stored;
        }

        private static bool Same(Dictionary<ulong, (long, long?)> left, Dictionary<ulong, (long, long?)> right) =>
            left.Count == right.Count && left.All(point => right.TryGetValue(point.Key, out var other) && other == point.Value);

        private static (long Number, long? Edited) Read(RetrievedPoint point)
        {
            var number = point.Payload["number"].IntegerValue;
            point.Vectors.Vector.Dense.Data[0].ShouldBe(number % 1000, "payload and vector of one write belong together");
            return (number, point.Payload.TryGetValue("edited", out var edited) ? edited.IntegerValue : null);
        }
    }
}
