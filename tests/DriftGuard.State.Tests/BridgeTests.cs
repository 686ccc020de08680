namespace DriftGuard.State.Tests;

public sealed class BridgesOnSqliteTests() : BridgeTests(StateKind.Sqlite);

public sealed class BridgesOnPostgresTests() : BridgeTests(StateKind.Postgres);

public abstract class BridgeTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task A_bridge_is_read_as_it_was_stored()
    {
        byte[] map = [0, 1, 2, 255];
        var bridge = Bridge("a");
        await AddAsync(bridge, map);

        var state = await OpenAsync();
        (await state.BridgesInUseAsync(Cancellation)).ShouldBe([bridge]);
        (await state.FindBridgeMapAsync("a", Cancellation)).ShouldBe(map);
        (await state.FindBridgeMapAsync("nope", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_serves_takes_the_place_of_the_one_before_it()
    {
        await AddAsync(Bridge("a"));
        await AddAsync(Bridge("other", index: "faq"));
        await AddAsync(Bridge("b", minutes: 1));

        (await Store.BridgesInUseAsync(Cancellation)).Select(bridge => bridge.Id).ShouldBe(["b", "other"]);
        (await Store.ListBridgesAsync("docs", Cancellation)).Select(bridge => (bridge.Id, bridge.EndedAt)).ShouldBe([("b", null), ("a", Noon.AddMinutes(1))]);
    }

    [Fact]
    public async Task One_that_was_refused_ends_none_and_is_never_in_use()
    {
        await AddAsync(Bridge("a"));
        await AddAsync(Bridge("b", minutes: 1) with { Serves = false }, map: null);

        (await Store.BridgesInUseAsync(Cancellation)).Select(bridge => bridge.Id).ShouldBe(["a"]);
        (await Store.FindBridgeMapAsync("b", Cancellation)).ShouldBeNull();
        (await Store.EndBridgeAsync("b", Noon, "ended", "ended", Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_several_who_end_it_one_does_and_that_is_on_record_once()
    {
        await AddAsync(Bridge("a"));

        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Store.EndBridgeAsync("a", Noon.AddHours(1), "cut_over", "another collection serves", Cancellation))));

        ended.Count(one => one).ShouldBe(1);
        (await Store.BridgesInUseAsync(Cancellation)).ShouldBeEmpty();
        (await Store.AuditAsync("docs", Cancellation)).Select(entry => (entry.Event, entry.Reason, entry.Message)).ShouldBe(
            [("bridge_fitted", "serves", "bridge a is fitted"), ("bridge_ended", "cut_over", "another collection serves")]);
    }

    private static StoredBridge Bridge(string id, string index = "docs", int minutes = 0) => new(id, index, "f", Noon.AddMinutes(minutes), null, true, "{\"x\": 1}");

    private Task AddAsync(StoredBridge bridge, byte[]? map = null) => Store.AddBridgeAsync(bridge, map, bridge.Serves ? "serves" : "refused", $"bridge {bridge.Id} is fitted", Cancellation);
}
