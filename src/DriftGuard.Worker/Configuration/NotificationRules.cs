namespace DriftGuard.Worker.Configuration;

/// <summary>What the settings of notifications say about each other and about the machine. Addresses and headers are secrets, so none is in a message.</summary>
internal static class NotificationRules
{
    public static IEnumerable<ConfigurationProblem> Check(NotificationsOptions notifications)
    {
        if (!Uri.TryCreate(notifications.Source, UriKind.RelativeOrAbsolute, out _))
        {
            yield return new($"expected an address or a name such as urn:driftguard, found '{notifications.Source}'", "notifications.source");
        }

        for (var i = 0; i < notifications.Webhooks.Count; i++)
        {
            var (webhook, path) = (notifications.Webhooks[i], $"notifications.webhooks[{i}]");
            if (webhook.Name.Length > 0 && notifications.Webhooks.Take(i).Any(other => other.Name == webhook.Name))
            {
                yield return new($"webhook '{webhook.Name}' is declared twice; remove one", $"{path}.name");
            }

            foreach (var (message, key) in Secrets(webhook))
            {
                yield return new(message, $"{path}.{key}");
            }
        }
    }

    private static IEnumerable<(string Message, string Key)> Secrets(WebhookOptions webhook)
    {
        var readable = true;
        foreach (var (value, file, name) in new[] { (webhook.Url, webhook.UrlFile, "url"), (webhook.Secret, webhook.SecretFile, "secret"), (webhook.Headers, webhook.HeadersFile, "headers") })
        {
            if (value is not null && file is not null)
            {
                readable = false;
                yield return ($"set either {name} or {name}File, not both", $"{name}File");
            }
            else if (file is not null && !OptionsRules.Readable(file, out var reason))
            {
                readable = false;
                yield return ($"the file cannot be read: {reason}", $"{name}File");
            }
        }

        if (webhook.Url is null && webhook.UrlFile is null)
        {
            yield return ("where are messages sent? Set url or urlFile", "url");
        }
        else if (readable && !IsUrl(webhook.ReadUrl()!))
        {
            yield return ("expected an address such as https://hooks.example/services/...", webhook.UrlFile is null ? "url" : "urlFile");
        }

        if (readable && !webhook.ReadHeaders().All(header => IsHeader(header.Name, header.Value)))
        {
            yield return ("expected headers such as authorization=Bearer ..., with commas between several", webhook.HeadersFile is null ? "headers" : "headersFile");
        }

        if (readable && webhook.ReadSecret() is { } secret && !Notifications.WebhookSignature.IsSecret(secret))
        {
            yield return ("expected a secret of 16 characters or more; after whsec_ it is base64", webhook.SecretFile is null ? "secret" : "secretFile");
        }
    }

    private static bool IsUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Host.Length: > 0, UserInfo: "" };

    private static bool IsHeader(string name, string value)
    {
        using var request = new HttpRequestMessage();
        return value.Length > 0 && name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && request.Headers.TryAddWithoutValidation(name, value);
    }
}
