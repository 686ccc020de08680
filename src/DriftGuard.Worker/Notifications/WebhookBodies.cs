using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DriftGuard.Core.Notifications;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Worker.Notifications;

/// <summary>A message as it is sent.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">The message.</param>
internal sealed record WebhookBody(string ContentType, byte[] Bytes);

/// <summary>Writes notifications as webhooks take them.</summary>
internal static class WebhookBodies
{
    // What Slack takes: a header of 150 characters, a section of 3000, 10 fields of 2000.
    private const int SlackHeader = 150, SlackSection = 3000, SlackFields = 10, SlackField = 2000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The message in the form that a webhook takes.</summary>
    public static WebhookBody Of(Notification notification, WebhookFormat format, string source) => format == WebhookFormat.Slack
        ? new("application/json", JsonSerializer.SerializeToUtf8Bytes(Slack(notification), Json))
        : new("application/cloudevents+json", JsonSerializer.SerializeToUtf8Bytes(CloudEvent(notification, source), Json));

    /// <summary>The title with what it says of its time.</summary>
    public static string TitleOf(Notification notification) => notification.State switch
    {
        NotificationState.Resolved => $"Resolved: {notification.Title}",
        NotificationState.Repeated => $"Still: {notification.Title}",
        _ => notification.Title,
    };

    /// <summary>The attributes of CloudEvents 1.0, and the notification as its data.</summary>
    private static object CloudEvent(Notification notification, string source) => new
    {
        Specversion = "1.0",
        notification.Id,
        Source = notification.Index is { } index ? $"{source.TrimEnd('/')}{(source.StartsWith("urn:", StringComparison.OrdinalIgnoreCase) ? ":" : "/indexes/")}{Uri.EscapeDataString(index)}" : source,
        Type = $"driftguard.{Word(notification.Kind)}.{Word(notification.State)}",
        notification.Subject,
        Time = notification.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        Datacontenttype = "application/json",
        Data = new
        {
            notification.Kind,
            notification.State,
            notification.Severity,
            notification.Index,
            notification.Title,
            notification.Text,
            notification.WhatToDo,
            Since = notification.Since.UtcDateTime,
            Figures = notification.Figures.ToDictionary(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal),
        },
    };

    private static object Slack(Notification notification)
    {
        var title = TitleOf(notification);
        var text = notification.WhatToDo is { } todo ? $"{Escaped(notification.Text)}\n*What to do:* {Escaped(todo)}" : Escaped(notification.Text);
        List<object> blocks =
        [
            new { Type = "header", Text = Plain(Cut($"{Sign(notification)} {title}", SlackHeader)) },
            new { Type = "section", Text = Marked(Cut(text, SlackSection)) },
        ];
        if (notification.Figures.Count > 0)
        {
            blocks.Add(new { Type = "section", Fields = notification.Figures.Take(SlackFields).Select(figure => Marked(Cut($"*{Escaped(figure.Name)}*\n{Escaped(figure.Value)}", SlackField))).ToList() });
        }

        blocks.Add(new
        {
            Type = "context",
            Elements = new[] { Marked(Escaped($"DriftGuard · {notification.Severity.ToString().ToLowerInvariant()} · {Word(notification.Kind)}{(notification.Index is { } index ? $" · {index}" : "")} · since {ReportText.Time(notification.Since)}")) },
        });
        return new { Text = Escaped($"{Sign(notification)} {title}"), Blocks = blocks };
    }

    private static string Sign(Notification notification) => notification.State == NotificationState.Resolved ? "✅" : notification.Severity switch
    {
        NotificationSeverity.Critical => "🔴",
        NotificationSeverity.Warning => "🟠",
        _ => "🔵",
    };

    private static object Plain(string text) => new { Type = "plain_text", Text = text, Emoji = true };

    private static object Marked(string text) => new { Type = "mrkdwn", Text = text };

    /// <summary>The three characters that Slack gives a meaning: a text cannot name a channel, or somebody.</summary>
    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Never in the middle of what stands for one character.</summary>
    private static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        var escape = text.LastIndexOf('&', end - 1);
        return $"{text[..(escape >= 0 && text.IndexOf(';', escape) >= end ? escape : end)]}…";
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
