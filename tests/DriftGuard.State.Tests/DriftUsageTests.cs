namespace DriftGuard.State.Tests;

public sealed class DriftUsageOnSqliteTests() : DriftUsageTests(StateKind.Sqlite);

public sealed class DriftUsageOnPostgresTests() : DriftUsageTests(StateKind.Postgres);

public abstract class DriftUsageTests(StateKind kind) : StateFolder(kind)
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Noon.UtcDateTime);

    [Fact]
    public async Task What_was_used_is_added_up_by_provider_and_day()
    {
        await Store.AddDriftUsageAsync("one", Today, 5, Cancellation);
        await (await OpenAsync()).AddDriftUsageAsync("one", Today, 7, Cancellation);
        await Store.AddDriftUsageAsync("one", Today.AddDays(1), 1, Cancellation);

        (await Store.DriftUsageAsync("one", Today, Cancellation)).ShouldBe(12);
        (await Store.DriftUsageAsync("two", Today, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task What_goes_beyond_the_limit_is_refused_and_not_counted()
    {
        (await Store.TryTakeDriftBudgetAsync("one", Today, 11, 10, Cancellation)).ShouldBeFalse();
        (await Store.TryTakeDriftBudgetAsync("one", Today, 6, 10, Cancellation)).ShouldBeTrue();
        (await Store.TryTakeDriftBudgetAsync("one", Today, 5, 10, Cancellation)).ShouldBeFalse();
        (await Store.TryTakeDriftBudgetAsync("one", Today, 4, 10, Cancellation)).ShouldBeTrue();
        (await Store.TryTakeDriftBudgetAsync("one", Today, 1, 10, Cancellation)).ShouldBeFalse();
        (await Store.TryTakeDriftBudgetAsync("one", Today.AddDays(1), 10, 10, Cancellation)).ShouldBeTrue();

        (await Store.DriftUsageAsync("one", Today, Cancellation)).ShouldBe(10);
    }

    [Fact]
    public async Task Processes_that_take_at_the_same_time_do_not_take_more_than_there_is()
    {
        var other = await OpenAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Store : other).TryTakeDriftBudgetAsync("one", Today, 3, 100, Cancellation))));

        taken.Count(t => t).ShouldBe(33);
        (await Store.DriftUsageAsync("one", Today, Cancellation)).ShouldBe(99);
    }

    [Fact]
    public async Task Old_days_are_forgotten()
    {
        await Store.AddDriftUsageAsync("one", Today, 5, Cancellation);
        await Store.AddDriftUsageAsync("one", Today.AddDays(-1), 5, Cancellation);

        await Store.PruneDriftUsageAsync(Today, Cancellation);

        (await Store.DriftUsageAsync("one", Today, Cancellation)).ShouldBe(5);
        (await Store.DriftUsageAsync("one", Today.AddDays(-1), Cancellation)).ShouldBe(0);
    }
}
