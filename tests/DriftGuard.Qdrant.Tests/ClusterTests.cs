using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests;

public sealed class ClusterTests
{
    [Theory]
    [InlineData("1.16.3", 1, true)]
    [InlineData("1.16.3", 2, false)]
    [InlineData("1.17.0", 3, true)]
    [InlineData("1.18.3", 3, true)]
    [InlineData("no version", 2, false)]
    public void Aliases_are_switched_on_a_cluster_from_1_17_on(string version, int peers, bool safe) =>
        QdrantServer.Of("qdrant", version).SwitchesSafely(Of(peers)).ShouldBe(safe);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Peers_are_counted_with_the_one_that_was_asked(int peers) => Of(peers).Peers.ShouldBe(peers);

    [Fact]
    public void A_replica_that_is_not_active_or_on_the_move_is_seen()
    {
        Of(2).AllActive.ShouldBeTrue();
        (Of(2) with { TransfersUnderWay = 1 }).AllActive.ShouldBeFalse();
        (Of(2) with { Replicas = [new(0, 1, ReplicaState.Active, 5), new(0, 2, ReplicaState.Dead, null)] }).AllActive.ShouldBeFalse();
    }

    private static CollectionCluster Of(int peers) =>
        new(1, 1, [.. Enumerable.Range(1, peers).Select(peer => new ShardReplica(0, (ulong)peer, ReplicaState.Active, peer == 1 ? 5UL : null))], 0);
}
