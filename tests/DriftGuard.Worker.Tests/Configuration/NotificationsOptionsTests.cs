using DriftGuard.Core.Notifications;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Tests.Configuration;

public sealed class NotificationsOptionsTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_nobody_is_told()
    {
        var notifications = _folder.Load("").Notifications;

        (notifications.Webhooks.Count, notifications.Repeat, notifications.Source).ShouldBe((0, TimeSpan.FromDays(1), "urn:driftguard"));
    }

    [Fact]
    public void Every_key_is_read_and_secrets_from_their_files()
    {
        File.WriteAllText(Path.Join(_folder.Path, "url"), "https://hooks.example/services/key\n");
        File.WriteAllText(Path.Join(_folder.Path, "secret"), "0123456789abcdef\n");
        File.WriteAllText(Path.Join(_folder.Path, "headers"), "x-a=1, authorization=Bearer b=c\n");

        var notifications = _folder.Load("""
            notifications:
              repeat: 4h
              source: https://driftguard.example
              webhooks:
                - { name: oncall, format: slack, urlFile: url, secretFile: secret, headersFile: headers, minimumSeverity: warning, events: [driftConfirmed, soakBreach], indexes: [docs] }
                - { name: events, url: "http://127.0.0.1:1/x" }
            """).Notifications;

        (notifications.Repeat, notifications.Source).ShouldBe((TimeSpan.FromHours(4), "https://driftguard.example"));
        var oncall = notifications.Webhooks[0];
        (oncall.Format, oncall.MinimumSeverity, oncall.ReadUrl(), oncall.ReadSecret()).ShouldBe((WebhookFormat.Slack, NotificationSeverity.Warning, "https://hooks.example/services/key", "0123456789abcdef"));
        oncall.Events.ShouldBe([NotificationKind.DriftConfirmed, NotificationKind.SoakBreach]);
        oncall.Indexes.ShouldBe(["docs"]);
        oncall.ReadHeaders().ShouldBe([("x-a", "1"), ("authorization", "Bearer b=c")]);
        var events = notifications.Webhooks[1];
        (events.Format, events.MinimumSeverity, events.ReadUrl(), events.ReadSecret()).ShouldBe((WebhookFormat.CloudEvents, NotificationSeverity.Info, "http://127.0.0.1:1/x", null));
    }

    [Theory]
    [InlineData("{ name: a }", "notifications.webhooks[0].url", "where are messages sent")]
    [InlineData("{ url: \"http://x\" }", "notifications.webhooks[0].name", "is required")]
    [InlineData("{ name: a, url: planted-secret }", "notifications.webhooks[0].url", "expected an address")]
    [InlineData("{ name: a, url: \"http://user:planted-secret@x\" }", "notifications.webhooks[0].url", "expected an address")]
    [InlineData("{ name: a, url: \"http://x\", urlFile: nope }", "notifications.webhooks[0].urlFile", "not both")]
    [InlineData("{ name: a, urlFile: nope }", "notifications.webhooks[0].urlFile", "cannot be read")]
    [InlineData("{ name: a, url: \"http://x\", headers: planted-secret }", "notifications.webhooks[0].headers", "expected headers")]
    [InlineData("{ name: a, url: \"http://x\", secret: planted }", "notifications.webhooks[0].secret", "16 characters")]
    [InlineData("{ name: a, url: \"http://x\", secret: \"whsec_planted-secret!\" }", "notifications.webhooks[0].secret", "base64")]
    [InlineData("{ name: a, url: \"http://x\", events: [driftConfirmd] }", "notifications.webhooks[0].events[0]", "did you mean 'driftConfirmed'")]
    public void What_is_wrong_is_said_without_the_secret(string webhook, string key, string message)
    {
        var problem = Should.Throw<ConfigurationException>(() => _folder.Load($"notifications: {{ webhooks: [{webhook}] }}")).Problems.First(problem => problem.Key == key);

        problem.Message.ShouldContain(message);
        problem.Message.ShouldNotContain("planted");
    }

    [Fact]
    public void Two_webhooks_do_not_have_one_name() =>
        Should.Throw<ConfigurationException>(() => _folder.Load("notifications: { webhooks: [{ name: a, url: \"http://x\" }, { name: a, url: \"http://y\" }] }")).Problems.Single().Key.ShouldBe("notifications.webhooks[1].name");
}
