using DriftGuard.Core.Notifications;

namespace DriftGuard.Core.Tests.Notifications;

public sealed class NotificationDeciderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, ToldNotification> _told = new(StringComparer.Ordinal);

    [Fact]
    public void What_lasts_is_told_when_it_begins_and_when_it_is_over()
    {
        var drift = Fact(NotificationKind.DriftConfirmed);

        Tell(Noon, drift).ShouldHaveSingleItem().State.ShouldBe(NotificationState.Raised);
        Tell(Noon.AddMinutes(1), drift).ShouldBeEmpty();
        var over = Tell(Noon.AddMinutes(90)).ShouldHaveSingleItem();
        (over.State, over.Kind, over.Severity).ShouldBe((NotificationState.Resolved, NotificationKind.DriftConfirmed, NotificationSeverity.Critical));
        over.Text.ShouldContain("1h30m");
        Tell(Noon.AddMinutes(91)).ShouldBeEmpty();
        Tell(Noon.AddMinutes(92), drift).ShouldHaveSingleItem().State.ShouldBe(NotificationState.Raised);
        _told.Values.Single().Version.ShouldBe(3);
    }

    [Fact]
    public void What_goes_on_is_told_again_after_the_time_that_is_set_and_never_for_none()
    {
        var drift = Fact(NotificationKind.DriftConfirmed);
        Tell(Noon, drift);

        Tell(Noon.AddHours(23), drift).ShouldBeEmpty();
        var again = Tell(Noon.AddHours(24), drift with { At = Noon.AddHours(24) }).ShouldHaveSingleItem();
        (again.State, again.Since).ShouldBe((NotificationState.Repeated, Noon));
        Tell(Noon.AddHours(47), drift).ShouldBeEmpty();
        Tell(Noon.AddHours(48), TimeSpan.Zero, drift).ShouldBeEmpty();
        Tell(Noon.AddHours(48), drift).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_becomes_another_thing_is_told_at_once_and_the_first_is_not_said_to_be_over()
    {
        Tell(Noon, Fact(NotificationKind.DriftSuspected));

        var told = Tell(Noon.AddMinutes(1), Fact(NotificationKind.DriftConfirmed)).ShouldHaveSingleItem();
        (told.State, told.Kind).ShouldBe((NotificationState.Raised, NotificationKind.DriftConfirmed));
    }

    [Fact]
    public void While_a_witness_cannot_tell_nothing_is_over()
    {
        Tell(Noon, Fact(NotificationKind.DriftConfirmed) with { Witnesses = ["docs/model", "docs/index"] });

        Decide(Noon.AddMinutes(1), TimeSpan.Zero, told => told.Witnesses.Contains("docs/index")).ShouldBeEmpty();
        Decide(Noon.AddMinutes(2), TimeSpan.Zero, told => told.Witnesses.Contains("docs/data")).ShouldHaveSingleItem().State.ShouldBe(NotificationState.Resolved);
    }

    [Fact]
    public void What_happened_is_told_once_and_never_said_to_be_over()
    {
        var cutOver = Fact(NotificationKind.CutOver) with { Lasts = false };

        Tell(Noon, cutOver).ShouldHaveSingleItem().State.ShouldBe(NotificationState.Happened);
        Tell(Noon.AddDays(400), cutOver).ShouldBeEmpty();
        Tell(Noon.AddDays(400)).ShouldBeEmpty();
    }

    [Fact]
    public void What_happened_more_than_a_day_ago_is_news_to_nobody()
    {
        var cutOver = Fact(NotificationKind.CutOver) with { Lasts = false };

        Tell(Noon.AddDays(1).AddSeconds(1), cutOver).ShouldBeEmpty();
        Tell(Noon.AddDays(1), cutOver).ShouldHaveSingleItem();
    }

    [Fact]
    public void No_two_notifications_have_the_same_id()
    {
        var drift = Fact(NotificationKind.DriftConfirmed);
        var ids = Enumerable.Range(0, 6).SelectMany(minute => minute % 2 == 0 ? Tell(Noon.AddMinutes(minute), drift) : Tell(Noon.AddMinutes(minute))).Select(told => told.Id).ToList();

        ids.Count.ShouldBe(6);
        ids.ShouldBeUnique();
    }

    private static NotificationFact Fact(NotificationKind kind) => new("drift/docs/cause", kind, "docs", "report", "A title", "A text.", Noon);

    private List<Notification> Tell(DateTimeOffset now, params NotificationFact[] facts) => Tell(now, TimeSpan.FromDays(1), facts);

    private List<Notification> Tell(DateTimeOffset now, TimeSpan repeat, params NotificationFact[] facts) => Decide(now, repeat, _ => false, facts);

    private List<Notification> Decide(DateTimeOffset now, TimeSpan repeat, Func<ToldNotification, bool> undecided, params NotificationFact[] facts)
    {
        var told = NotificationDecider.Decide(facts, undecided, _told, repeat, now);
        foreach (var one in told)
        {
            _told[one.Key] = one;
        }

        return [.. told.Select(one => one.Last)];
    }
}
