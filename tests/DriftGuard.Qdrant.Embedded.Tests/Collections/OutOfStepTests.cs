using System.Collections.Immutable;
using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Storage;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Collections;

public sealed class OutOfStepTests
{
    private static readonly StoredCollection Stored = new(
        "docs", "docs.points.db", NewCollection.Configure(new CreateCollection { CollectionName = "docs" }),
        ImmutableDictionary<string, int>.Empty, 0, ImmutableDictionary<string, PayloadSchemaInfo>.Empty);

    [Fact]
    public async Task A_write_that_is_stored_but_cannot_be_shown_ends_the_collection_until_a_restart_brings_it_back()
    {
        var directory = Directory.CreateTempSubdirectory("embedded-qdrant-step-");
        var path = Path.Combine(directory.FullName, Stored.PointsFile);
        using (var collection = new Collection(Stored, PointFile.Create(path, maxPages: null), TimeProvider.System))
        {
            var first = await Should.ThrowAsync<OutOfStepException>(() => collection.WriteAsync(PutInASlotThatMemoryDoesNotHave, CancellationToken.None));

            first.Message.ShouldContain("is stored");
            Refused(Should.Throw<RpcException>(() => collection.Read(points => points.Count)));
            Refused(await Should.ThrowAsync<RpcException>(() => collection.WriteAsync((_, _) => { }, CancellationToken.None)));
            Refused(await Should.ThrowAsync<RpcException>(() => collection.ChangeAsync(stored => stored, _ => { }, isOperation: true, CancellationToken.None)));
        }

        using (var reopened = new Collection(Stored, PointFile.Open(path, maxPages: null), TimeProvider.System))
        {
            reopened.Read(points => points.Count).ShouldBe(1);
            reopened.LastOperation.ShouldBe(1UL);
        }

        directory.Delete(recursive: true);

        static void Refused(RpcException refusal)
        {
            refusal.StatusCode.ShouldBe(StatusCode.Internal);
            refusal.Status.Detail.ShouldContain("Restart the server");
        }
    }

    private static void PutInASlotThatMemoryDoesNotHave(PointStore points, WritePlan plan) =>
        plan.Add(new PlannedRow(RowChange.Put, Slot: 5, PointKey.Of(1), [], 0, 0));
}
