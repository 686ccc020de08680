namespace DriftGuard.State.Tests;

public sealed class IdempotencyOnSqliteTests() : IdempotencyTests(StateKind.Sqlite);

public sealed class IdempotencyOnPostgresTests() : IdempotencyTests(StateKind.Postgres);

public abstract class IdempotencyTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task Of_many_that_begin_the_same_at_once_one_acts()
    {
        var other = await OpenAsync();

        var begun = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? Store : other).BeginOnceAsync("key", "request", Cancellation)));

        begun.Count(known => known is null).ShouldBe(1);
        begun.OfType<KeptAnswer>().ShouldAllBe(known => known.SameRequest && known.Status == null);
    }

    [Fact]
    public async Task The_answer_is_kept_for_a_day_and_told_to_whoever_asks_the_same()
    {
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldBeNull();
        await Store.EndOnceAsync("key", 200, "application/json", [1, 2], Cancellation);

        var again = (await (await OpenAsync()).BeginOnceAsync("key", "request", Cancellation)).ShouldNotBeNull();
        (again.SameRequest, again.Status, again.ContentType).ShouldBe((true, 200, "application/json"));
        again.Body.ShouldBe([1, 2]);
        (await Store.BeginOnceAsync("key", "another request", Cancellation)).ShouldNotBeNull().SameRequest.ShouldBeFalse();

        Clock.Advance(StateStore.AnswersKept + TimeSpan.FromSeconds(1));
        (await Store.BeginOnceAsync("key", "another request", Cancellation)).ShouldBeNull("the day is over");
    }

    [Fact]
    public async Task What_has_not_acted_may_be_tried_again()
    {
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldBeNull();
        await Store.ForgetOnceAsync("key", Cancellation);
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldBeNull();
        await Store.EndOnceAsync("key", 200, "", [], Cancellation);
        await Store.ForgetOnceAsync("key", Cancellation);
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldNotBeNull("what was answered is not forgotten");
    }

    [Fact]
    public async Task What_a_process_left_in_the_middle_is_taken_up_after_a_while()
    {
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldBeNull();
        Clock.Advance(StateStore.LongestAnswer);
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldNotBeNull();
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await Store.BeginOnceAsync("key", "another request", Cancellation)).ShouldNotBeNull("nobody knows what became of the first");
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldBeNull();
        (await Store.BeginOnceAsync("key", "request", Cancellation)).ShouldNotBeNull();
    }
}
