namespace DriftGuard.State.Tests;

public sealed class LeaseEpochOnSqliteTests() : LeaseEpochTests(StateKind.Sqlite);

public sealed class LeaseEpochOnPostgresTests() : LeaseEpochTests(StateKind.Postgres);

public abstract class LeaseEpochTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task An_epoch_tells_when_its_process_began()
    {
        var first = await Store.NextLeaseEpochAsync(Cancellation);
        Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await (await OpenAsync()).NextLeaseEpochAsync(Cancellation);

        var times = await Store.LeaseEpochTimesAsync([first, second, second + 1], Cancellation);

        times.OrderBy(t => t.Key).Select(t => (t.Key, t.Value)).ShouldBe([(first, Noon), (second, Noon.AddMinutes(5))]);
    }
}
