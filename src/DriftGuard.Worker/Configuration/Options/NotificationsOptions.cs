using System.ComponentModel.DataAnnotations;
using DriftGuard.Core.Notifications;

namespace DriftGuard.Worker.Configuration;

/// <summary>Who is told of what happens to indexes.</summary>
public sealed record NotificationsOptions
{
    /// <summary>Where messages are sent; nowhere unless set.</summary>
    public IReadOnlyList<WebhookOptions> Webhooks { get; init; } = [];

    /// <summary>After which time something that lasts is told again; a day unless set, never for 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan Repeat { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What stands before the names of indexes in the source of CloudEvents, such as <c>https://driftguard.example</c>; <c>urn:driftguard</c> unless set.</summary>
    [Required]
    public string Source { get; init; } = "urn:driftguard";
}

/// <summary>A webhook that takes messages.</summary>
public sealed record WebhookOptions
{
    /// <summary>What people and metrics call it.</summary>
    [Required, MaxLength(100)]
    public string Name { get; init; } = "";

    /// <summary>What it takes; <c>cloudEvents</c> unless set.</summary>
    public WebhookFormat Format { get; init; }

    /// <summary>Its address, which is a secret: whoever has it can send. Prefer <see cref="UrlFile"/>.</summary>
    [SecretSetting]
    public string? Url { get; init; }

    /// <summary>A file that holds the address, such as a mounted secret; white space around it is ignored, and it is read again for each message.</summary>
    [PathSetting]
    public string? UrlFile { get; init; }

    /// <summary>What messages are signed with, as Standard Webhooks says; they are not unless set. Prefer <see cref="SecretFile"/>.</summary>
    [SecretSetting]
    public string? Secret { get; init; }

    /// <summary>A file that holds the secret, such as a mounted one; white space around it is ignored.</summary>
    [PathSetting]
    public string? SecretFile { get; init; }

    /// <summary>Headers of each message, such as <c>authorization=Bearer ...</c>, several with commas between. Prefer <see cref="HeadersFile"/>.</summary>
    [SecretSetting]
    public string? Headers { get; init; }

    /// <summary>A file that holds the headers, such as a mounted secret; white space around them is ignored.</summary>
    [PathSetting]
    public string? HeadersFile { get; init; }

    /// <summary>What asks less of its reader is not sent; <c>info</c>, which is everything, unless set.</summary>
    public NotificationSeverity MinimumSeverity { get; init; }

    /// <summary>What is sent; everything unless set.</summary>
    public IReadOnlyList<NotificationKind> Events { get; init; } = [];

    /// <summary>The indexes that it is told of; all unless set.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>The address, read from <see cref="UrlFile"/> where that is set; null where neither is.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public string? ReadUrl() => Read(Url, UrlFile);

    /// <summary>The secret, read from <see cref="SecretFile"/> where that is set; null where neither is.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public string? ReadSecret() => Read(Secret, SecretFile);

    /// <summary>The headers, read from <see cref="HeadersFile"/> where that is set.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public IEnumerable<(string Name, string Value)> ReadHeaders() => (Read(Headers, HeadersFile) ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(header => header.Split('=', 2, StringSplitOptions.TrimEntries)).Select(parts => (parts[0], parts.ElementAtOrDefault(1) ?? ""));

    /// <summary>Whether a message is for it.</summary>
    internal bool Wants(Notification notification) => notification.Severity >= MinimumSeverity
        && (Events.Count == 0 || Events.Contains(notification.Kind))
        && (Indexes.Count == 0 || notification.Index is null || Indexes.Contains(notification.Index, StringComparer.Ordinal));

    private static string? Read(string? value, string? file) => file is null ? value : File.ReadAllText(file).Trim();
}

/// <summary>What a webhook takes.</summary>
public enum WebhookFormat
{
    /// <summary>CloudEvents 1.0 as structured JSON.</summary>
    CloudEvents,

    /// <summary>A message with blocks, as Slack's incoming webhooks take it, and Mattermost's.</summary>
    Slack,
}
