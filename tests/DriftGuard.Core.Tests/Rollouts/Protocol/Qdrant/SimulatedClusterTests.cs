using DriftGuard.Core.Rollouts;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

/// <summary>The simulated Qdrant behaves in what the protocol rests on as real ones were seen to.</summary>
public sealed class SimulatedClusterTests
{
    private const string Name = "c";
    private static readonly SimulatedPoint Old = new("old", 1, new("a", "old"), null);
    private static readonly SimulatedPoint New = new("new", 2, new("a", "new"), null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_conditional_upsert_inserts_what_is_missing_whatever_the_condition_says(bool isThere)
    {
        var qdrant = With(isThere ? Old : null);

        qdrant.Upsert(Name, [(1, New)], _ => false);

        Point(qdrant).ShouldBe(isThere ? Old : New);
    }

    [Theory]
    [InlineData(false, UpdateMode.InsertOnly, true, true)]
    [InlineData(false, UpdateMode.UpdateOnly, false, true)]
    [InlineData(true, UpdateMode.InsertOnly, true, false)]
    [InlineData(true, UpdateMode.InsertOnly, false, true)]
    [InlineData(true, UpdateMode.UpdateOnly, true, true)]
    [InlineData(true, UpdateMode.UpdateOnly, false, false)]
    internal void The_update_mode_is_ignored_by_old_servers(bool honoured, UpdateMode mode, bool isThere, bool written)
    {
        var qdrant = With(isThere ? Old : null, honoured);

        qdrant.Upsert(Name, [(1, New)], null, mode);

        Point(qdrant).ShouldBe(written ? New : isThere ? Old : null);
    }

    [Fact]
    public void Writes_by_filter_leave_what_is_missing_and_a_vector_of_a_missing_point_is_not_found()
    {
        var qdrant = With(null);

        qdrant.ChangeByFilter(Name, 1, _ => true, _ => New).ShouldNotBeNull();
        qdrant.UpdateVector(Name, 1, New.Vector).ShouldBeNull();
        qdrant.SetPayload(Name, 1, _ => New).ShouldBeNull();
        qdrant.Remove(Name, 1).ShouldNotBeNull();

        Point(qdrant).ShouldBeNull();
    }

    [Fact]
    public void Each_operation_counts_so_that_two_markers_tell_how_many_came_between()
    {
        var qdrant = With(Old);
        var marker = qdrant.Remove(Name, 99)!.Value;

        qdrant.SetPayload(Name, 1, _ => New);
        qdrant.Remove(Name, 1, _ => false);

        (qdrant.Remove(Name, 99)!.Value - marker - 1).ShouldBe(2UL);
    }

    [Fact]
    public void Alias_actions_are_saved_one_by_one_up_to_the_first_that_fails()
    {
        var qdrant = With(null);

        qdrant.Change([new AliasMove.Point("one", Name), new AliasMove.Rename("none", "other"), new AliasMove.Point("two", Name)]).ShouldBeFalse();
        qdrant.Change([new AliasMove.Point("three", Name), new AliasMove.Point("four", Name)], cutOffAfter: 1).ShouldBeFalse();

        qdrant.Aliases.Keys.Order().ShouldBe(["one", "three"]);
    }

    [Fact]
    public void A_deleted_collection_takes_its_aliases_along()
    {
        var qdrant = With(null);
        qdrant.Change([new AliasMove.Point("alias", Name)]);

        qdrant.Delete(Name);

        qdrant.Aliases.ShouldBeEmpty();
        qdrant.Upsert(Name, [(1, New)]).ShouldBeNull();
    }

    [Fact]
    public void A_peer_that_lags_resolves_aliases_as_they_were()
    {
        var qdrant = With(null);
        qdrant.Create("d", "a");
        qdrant.Change([new AliasMove.Point("alias", Name)]);
        qdrant.PeerLags = true;
        qdrant.Change([new AliasMove.Point("alias", "d")]);

        qdrant.Upsert("alias", [(1, New)], otherPeer: true);
        qdrant.Find(Name)!.Points.ShouldContainKey(1);
        qdrant.PeerLags = false;
        qdrant.Find("alias", otherPeer: true)!.Name.ShouldBe("d");
    }

    private static SimulatedCluster With(SimulatedPoint? point, bool honoursUpdateMode = true)
    {
        var qdrant = new SimulatedCluster(honoursUpdateMode);
        qdrant.Create(Name, "a");
        if (point is not null)
        {
            qdrant.Find(Name)!.Points[1] = point;
        }

        return qdrant;
    }

    private static SimulatedPoint? Point(SimulatedCluster qdrant) => qdrant.Find(Name)!.Points.GetValueOrDefault(1);
}
