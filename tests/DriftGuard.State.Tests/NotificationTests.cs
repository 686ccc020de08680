using DriftGuard.Core.Notifications;

namespace DriftGuard.State.Tests;

public sealed class NotificationsOnSqliteTests() : NotificationTests(StateKind.Sqlite);

public sealed class NotificationsOnPostgresTests() : NotificationTests(StateKind.Postgres);

public abstract class NotificationTests(StateKind kind) : StateFolder(kind)
{
    private const int Many = 100;
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Of_several_who_tell_the_same_one_does()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));

        var told = await Task.WhenAll(stores.Select(store => Task.Run(() => store.TellAsync(Told("a", 1), ["one", "two"], Many, Cancellation))));

        told.Count(given => given is not null).ShouldBe(1);
        (await Store.CountDeliveriesAsync("one", Cancellation)).ShouldBe(1);
        (await Store.CountDeliveriesAsync("two", Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_told_is_read_as_it_was_and_only_the_next_version_follows_it()
    {
        var first = Told("a", 1);
        await Store.TellAsync(first, ["one"], Many, Cancellation);

        var read = (await (await OpenAsync()).NotificationsAsync(Cancellation))["a"];
        read.Version.ShouldBe(1);
        read.Witnesses.ShouldBe(first.Witnesses);
        System.Text.Json.JsonSerializer.Serialize(read.Last).ShouldBe(System.Text.Json.JsonSerializer.Serialize(first.Last));

        (await Store.TellAsync(Told("a", 1), ["one"], Many, Cancellation)).ShouldBeNull();
        (await Store.TellAsync(Told("a", 3), ["one"], Many, Cancellation)).ShouldBeNull();
        (await Store.TellAsync(Told("a", 2), ["one"], Many, Cancellation)).ShouldBe([]);
        (await Store.CountDeliveriesAsync("one", Cancellation)).ShouldBe(2);
    }

    [Fact]
    public async Task What_somebody_has_in_hand_nobody_else_is_given_until_it_failed_or_the_time_is_over()
    {
        await Store.TellAsync(Told("a", 1), ["one"], Many, Cancellation);
        var other = await OpenAsync();

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => (i % 2 == 0 ? Store : other).TakeDeliveryAsync("one", Hold, Cancellation))));
        var mine = taken.Where(delivery => delivery is not null).ShouldHaveSingleItem()!;
        mine.Attempts.ShouldBe(1);

        await Store.EndDeliveryAttemptAsync(mine.Sequence, delivered: false, done: false, "500", Cancellation);
        (await other.TakeDeliveryAsync("one", Hold, Cancellation)).ShouldNotBeNull().Attempts.ShouldBe(2);
        (await Store.TakeDeliveryAsync("one", Hold, Cancellation)).ShouldBeNull();
        Clock.Advance(Hold);
        var third = (await Store.TakeDeliveryAsync("one", Hold, Cancellation)).ShouldNotBeNull();
        await Store.EndDeliveryAttemptAsync(third.Sequence, delivered: true, done: true, "200 OK", Cancellation);

        Clock.Advance(Hold);
        (await Store.TakeDeliveryAsync("one", Hold, Cancellation)).ShouldBeNull();
        (await Store.WebhookStandingsAsync(Cancellation)).ShouldHaveSingleItem().ShouldBe(new("one", 0, Noon + Hold, true, "200 OK"));
    }

    [Fact]
    public async Task What_is_new_goes_before_what_failed_but_of_one_key_all_in_their_order()
    {
        await Store.TellAsync(Told("a", 1), ["one"], Many, Cancellation);
        var failed = (await Store.TakeDeliveryAsync("one", Hold, Cancellation))!;
        await Store.EndDeliveryAttemptAsync(failed.Sequence, delivered: false, done: false, "500", Cancellation);
        await Store.TellAsync(Told("a", 2), ["one"], Many, Cancellation);
        await Store.TellAsync(Told("b", 1), ["one"], Many, Cancellation);

        var order = new List<string>();
        while (await Store.TakeDeliveryAsync("one", Hold, Cancellation) is { } next)
        {
            order.Add(next.Notification.Id);
            await Store.EndDeliveryAttemptAsync(next.Sequence, delivered: true, done: true, "200 OK", Cancellation);
        }

        order.ShouldBe(["b/1", "a/1", "a/2"]);
    }

    [Fact]
    public async Task No_more_than_so_many_wait_and_the_oldest_are_given_up()
    {
        for (var i = 1; i <= 5; i++)
        {
            (await Store.TellAsync(Told($"k{i}", 1), ["one"], 3, Cancellation)).ShouldBe(i > 3 ? ["one"] : []);
        }

        (await Store.CountDeliveriesAsync("one", Cancellation)).ShouldBe(3);
        (await Store.TakeDeliveryAsync("one", Hold, Cancellation))!.Notification.Id.ShouldBe("k3/1");
    }

    [Fact]
    public async Task What_is_old_is_forgotten_unless_it_lasts_or_waits()
    {
        await Store.TellAsync(Told("lasts", 1), ["one", "gone"], Many, Cancellation);
        await Store.TellAsync(Told("over", 1, NotificationState.Resolved), ["one"], Many, Cancellation);
        Clock.Advance(TimeSpan.FromDays(40));

        await Store.PruneNotificationsAsync(Clock.GetUtcNow().AddDays(-30), ["one"], Cancellation);

        (await Store.NotificationsAsync(Cancellation)).Keys.ShouldBe(["lasts"]);
        (await Store.CountDeliveriesAsync("one", Cancellation)).ShouldBe(2);
        (await Store.CountDeliveriesAsync("gone", Cancellation)).ShouldBe(0);
    }

    private static ToldNotification Told(string key, int version, NotificationState state = NotificationState.Raised) => new(
        key, version, new()
        {
            Id = $"{key}/{version}",
            Kind = NotificationKind.DriftConfirmed,
            State = state,
            Severity = NotificationSeverity.Critical,
            Index = "docs",
            Subject = "report",
            Title = "A title",
            Text = "A text.",
            WhatToDo = "Something.",
            At = Noon,
            Since = Noon.AddHours(-1),
            Figures = [new("verdict", "confirmed")],
        },
        ["docs/model"]);
}
