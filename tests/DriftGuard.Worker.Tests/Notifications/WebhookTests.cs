using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Notifications;
using DriftGuard.Testing.Network;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Tests.Loops;
using Microsoft.AspNetCore.Http;
using static DriftGuard.Worker.Tests.Notifications.NotifiedWorld;

namespace DriftGuard.Worker.Tests.Notifications;

/// <summary>What arrives at a real webhook, and how often.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Slack_gets_a_text_and_blocks_in_which_no_text_means_more_than_it_says()
    {
        var message = await SentAsync(WebhookFormat.Slack);

        message.ContentType.ShouldStartWith("application/json");
        message.Json.GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("&lt;!channel&gt; &amp; more");
        var blocks = message.Json.GetProperty("blocks").EnumerateArray().ToList();
        blocks.Select(block => block.GetProperty("type").GetString()).ShouldBe(["header", "section", "section", "context"]);
        blocks[0].GetProperty("text").GetProperty("type").GetString().ShouldBe("plain_text");
        blocks[0].GetProperty("text").GetProperty("text").GetString()!.Length.ShouldBeLessThanOrEqualTo(150);
        blocks[1].GetProperty("text").GetProperty("text").GetString().ShouldNotBeNull().ShouldContain("driftguard drift explain docs");
        blocks[2].GetProperty("fields").EnumerateArray().ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("mrkdwn");
        blocks[3].GetProperty("elements").GetArrayLength().ShouldBe(1);
        Encoding.UTF8.GetString(message.Bytes).ShouldNotContain("<happened>");
    }

    [Fact]
    public async Task Texts_are_cut_to_what_Slack_takes()
    {
        var message = await SentAsync(WebhookFormat.Slack, fact => fact with
        {
            Title = string.Concat(Enumerable.Repeat("🔴", 200)),
            Text = string.Concat(Enumerable.Repeat("&", 3_000)),
            Figures = [.. Enumerable.Range(0, 20).Select(i => new NotificationFigure($"{i}", new string('x', 3_000)))],
        });

        var blocks = message.Json.GetProperty("blocks").EnumerateArray().ToList();
        blocks[0].GetProperty("text").GetProperty("text").GetString().ShouldNotBeNull().Length.ShouldBeInRange(140, 150);
        var text = blocks[1].GetProperty("text").GetProperty("text").GetString()!;
        text.Length.ShouldBeInRange(2_900, 3_000);
        text.ShouldEndWith("&amp;…");
        var fields = blocks[2].GetProperty("fields").EnumerateArray().ToList();
        fields.Count.ShouldBe(10);
        fields.ShouldAllBe(field => field.GetProperty("text").GetString()!.Length <= 2_000);
    }

    [Fact]
    public async Task CloudEvents_have_what_the_specification_requires()
    {
        var message = await SentAsync(WebhookFormat.CloudEvents);

        message.ContentType.ShouldStartWith("application/cloudevents+json");
        var cloudEvent = message.Json;
        cloudEvent.GetProperty("specversion").GetString().ShouldBe("1.0");
        cloudEvent.GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
        Uri.IsWellFormedUriString(cloudEvent.GetProperty("source").GetString(), UriKind.RelativeOrAbsolute).ShouldBeTrue();
        cloudEvent.GetProperty("source").GetString().ShouldBe("urn:driftguard:docs");
        cloudEvent.GetProperty("type").GetString().ShouldBe("driftguard.drift_confirmed.raised");
        cloudEvent.GetProperty("subject").GetString().ShouldBe("report-1");
        cloudEvent.GetProperty("time").GetDateTimeOffset().ShouldBe(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
        cloudEvent.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        cloudEvent.EnumerateObject().ShouldAllBe(attribute => attribute.Name.All(char.IsAsciiLetterLower), "names of attributes");
        var data = cloudEvent.GetProperty("data");
        (data.GetProperty("severity").GetString(), data.GetProperty("figures").GetProperty("verdict").GetString()).ShouldBe(("critical", "confirmed"));
    }

    [Fact]
    public async Task A_message_is_signed_over_its_id_its_time_and_its_body_and_carries_the_headers_that_are_set()
    {
        var secret = RandomNumberGenerator.GetBytes(24);
        var message = await SentAsync(WebhookFormat.CloudEvents, webhook: options => options with { Secret = $"whsec_{Convert.ToBase64String(secret)}", Headers = "x-team=search, authorization=Bearer b" });

        var (id, at) = (message.Headers["webhook-id"], message.Headers["webhook-timestamp"]);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{at}."), .. message.Bytes];
        message.Headers["webhook-signature"].ShouldBe($"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}");
        at.ShouldBe(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        (message.Headers["x-team"], message.Headers["authorization"]).ShouldBe(("search", "Bearer b"));
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_and_not_before_the_webhook_asks_for_it()
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        receiver.Answer = (before, context) =>
        {
            context.Response.StatusCode = before switch { 0 => 500, 1 => 429, _ => 200 };
            context.Response.Headers.RetryAfter = before == 1 ? "600" : default;
            return Task.CompletedTask;
        };
        var process = await world.StartAsync(Webhook(receiver));
        world.Facts.Add(world.Fact());
        using var watch = new RunningLoop(process.Watch);
        using var sender = new RunningLoop(process.Senders.Single());

        await world.UntilAsync(() => process.Counted(NotificationMetrics.Sent) == 1);

        var at = receiver.Received.Select(message => message.At).ToList();
        at.Count.ShouldBe(3);
        (at[1] - at[0]).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        (at[2] - at[1]).ShouldBeInRange(TimeSpan.FromSeconds(600), TimeSpan.FromSeconds(660));
        receiver.Received.Select(message => message.Headers["webhook-id"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        process.Counted(NotificationMetrics.Failed).ShouldBe(2);
        await world.UntilAsync(() => process.Metrics.Gauge(NotificationMetrics.Pending).GetValueOrDefault("hook", -1) == 0);
        await sender.StopAsync(Cancellation);
        await watch.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_restart_tells_nothing_twice_and_goes_on_with_what_waits()
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        var first = await world.StartAsync(Webhook(receiver));
        world.Facts.Add(world.Fact());
        await first.LookAndSendAsync();
        world.Facts.Add(world.Fact("drift/docs/other"));
        await first.Watch.LookAsync(Cancellation);

        // It ends here.
        var second = await world.StartAsync(Webhook(receiver));
        await second.LookAndSendAsync();
        await second.LookAndSendAsync();

        receiver.Received.Select(message => message.Json.GetProperty("id").GetString()!.Split("/2026")[0]).ShouldBe(["drift/docs/index_mixed", "drift/docs/other"]);
    }

    [Fact]
    public async Task Two_processes_tell_each_thing_once_also_where_both_look_and_send_at_the_same_time()
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        var (one, other) = (await world.StartAsync(Webhook(receiver)), await world.StartAsync(Webhook(receiver)));
        for (var i = 0; i < 20; i++)
        {
            world.Facts.Add(world.Fact($"drift/docs/cause-{i}"));
        }

        await Task.WhenAll(Task.Run(one.LookAndSendAsync), Task.Run(other.LookAndSendAsync));
        await Task.WhenAll(Task.Run(one.LookAndSendAsync), Task.Run(other.LookAndSendAsync));

        receiver.Received.Count.ShouldBe(20);
        receiver.Received.Select(message => message.Json.GetProperty("id").GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task What_is_over_is_told_to_be_and_what_lasts_is_told_again()
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        var process = await world.StartAsync(Webhook(receiver));
        world.Facts.Add(world.Fact());
        await process.LookAndSendAsync();
        world.Time.Advance(TimeSpan.FromHours(25));
        await process.LookAndSendAsync();
        world.Facts.Clear();
        await process.LookAndSendAsync();

        receiver.Received.Select(message => message.Json.GetProperty("data").GetProperty("state").GetString()).ShouldBe(["raised", "repeated", "resolved"]);
    }

    [Fact]
    public async Task A_webhook_that_does_not_answer_harms_no_other()
    {
        await using var world = new NotifiedWorld();
        await using var slow = await WebhookReceiver.StartAsync(world.Time);
        await using var quick = await WebhookReceiver.StartAsync(world.Time);
        slow.Answer = (_, context) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var process = await world.StartAsync(Webhook(slow) with { Name = "slow" }, Webhook(quick) with { Name = "quick" });
        world.Facts.Add(world.Fact());
        await process.Watch.LookAsync(Cancellation);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var stuck = process.Senders[0].SendAllAsync(stop.Token);
        await process.Senders[1].SendAllAsync(Cancellation);

        quick.Received.Count.ShouldBe(1);
        stuck.IsCompleted.ShouldBeFalse();
        await world.UntilAsync(() => slow.Received.Count >= 2, TimeSpan.FromSeconds(1));
        (await process.Service.ListAsync(Cancellation))[0].LastAnswer.ShouldNotBeNull().ShouldContain("no answer");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stuck);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(503, true)]
    public async Task What_will_never_be_taken_is_given_up_at_once_and_all_else_after_a_day(int status, bool aDay)
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var process = await world.StartAsync(Webhook(receiver));
        world.Facts.Add(world.Fact());
        await process.Watch.LookAsync(Cancellation);
        var began = world.Time.GetUtcNow();

        var sending = process.Senders.Single().SendAllAsync(Cancellation);
        await world.UntilAsync(() => process.Counted(NotificationMetrics.GivenUp) == 1, aDay ? TimeSpan.FromMinutes(1) : TimeSpan.Zero); // an answer that is slow here is not late there
        await sending;

        (receiver.Received.Count > 1).ShouldBe(aDay);
        (receiver.Received[^1].At - began >= TimeSpan.FromDays(1)).ShouldBe(aDay);
        var webhook = (await process.Service.ListAsync(Cancellation)).Single();
        (webhook.Waiting, webhook.LastDelivered).ShouldBe((0, false));
        webhook.LastAnswer.ShouldNotBeNull().ShouldContain($"{status}");
    }

    [Theory]
    [InlineData("warning", "", "", true)]
    [InlineData("critical", "", "", false)]
    [InlineData("info", "waitingForApproval", "", true)]
    [InlineData("info", "driftConfirmed", "", false)]
    [InlineData("info", "", "docs", true)]
    [InlineData("info", "", "other", false)]
    public async Task A_webhook_gets_what_it_asks_for(string severity, string kind, string index, bool gets)
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        var process = await world.StartAsync(Webhook(receiver) with
        {
            MinimumSeverity = Enum.Parse<NotificationSeverity>(severity, ignoreCase: true),
            Events = kind.Length == 0 ? [] : [Enum.Parse<NotificationKind>(kind, ignoreCase: true)],
            Indexes = index.Length == 0 ? [] : [index],
        });
        world.Facts.Add(world.Fact(kind: NotificationKind.WaitingForApproval));

        await process.LookAndSendAsync();

        receiver.Received.Count.ShouldBe(gets ? 1 : 0);
    }

    [Fact]
    public async Task A_test_says_what_was_answered_and_shows_no_secret_that_is_sent_back()
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync($"no {context.Request.Path}{context.Request.QueryString} with {context.Request.Headers.Authorization}\nand {receiver.Url}");
        };
        var process = await world.StartAsync(Webhook(receiver) with { Headers = "authorization=Bearer planted-header" });

        var test = (await process.Service.TestAsync("hook", Cancellation)).ShouldHaveSingleItem();

        test.Delivered.ShouldBeFalse();
        test.Answer.ShouldStartWith("403 Forbidden: no ");
        test.Answer.ShouldNotContain("planted");
        receiver.Received.ShouldHaveSingleItem().Json.GetProperty("type").GetString().ShouldBe("driftguard.test.happened");
        (await Should.ThrowAsync<OperatorException>(() => process.Service.TestAsync("nope", Cancellation))).Message.ShouldContain("hook");
    }

    private static WebhookOptions Webhook(WebhookReceiver receiver) => new() { Name = "hook", Url = receiver.Url };

    private static async Task<ReceivedMessage> SentAsync(
        WebhookFormat format, Func<NotificationFact, NotificationFact>? fact = null, Func<WebhookOptions, WebhookOptions>? webhook = null)
    {
        await using var world = new NotifiedWorld();
        await using var receiver = await WebhookReceiver.StartAsync(world.Time);
        var options = Webhook(receiver) with { Format = format };
        var process = await world.StartAsync(webhook?.Invoke(options) ?? options);
        world.Facts.Add(fact?.Invoke(world.Fact()) ?? world.Fact());
        await process.LookAndSendAsync();
        return receiver.Received.ShouldHaveSingleItem();
    }
}
