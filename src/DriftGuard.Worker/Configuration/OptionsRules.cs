using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Configuration;

/// <summary>What values of the options say about each other and about the machine. Each rule is one question with its own message.</summary>
internal static class OptionsRules
{
    public static IEnumerable<ConfigurationProblem> Check(DriftGuardOptions options) =>
        [
            .. DataDirectory(options),
            .. StateRules.Check(options),
            .. Qdrant(options.Qdrant),
            .. Models(options.Models),
            .. Indexes(options.Indexes),
            .. Rollout(options.Rollout),
            .. DriftRules.Check(options),
            .. SecurityRules.Check(options),
            .. TelemetryRules.Check(options.Telemetry),
            .. NotificationRules.Check(options.Notifications),
        ];

    private static IEnumerable<ConfigurationProblem> DataDirectory(DriftGuardOptions options)
    {
        if (options.DataDirectory.Length == 0)
        {
            yield return new("no data folder is set and there is no home folder to put it in; set it, or use --data", "dataDirectory");
        }
    }

    private static IEnumerable<ConfigurationProblem> Qdrant(QdrantSettings qdrant)
    {
        var https = false;
        if (qdrant.Address is { } address)
        {
            var isAddress = IsHttpAddress(address, out https);
            if (!isAddress)
            {
                yield return new(
                    $"expected an address such as http://localhost:6334 or https://qdrant.example:6334, found '{address}'", "qdrant.address");
            }
            else if (new Uri(address).Port == 6333)
            {
                yield return new("port 6333 is Qdrant's REST port; gRPC is on 6334 unless configured otherwise", "qdrant.address");
            }
        }

        if (qdrant.RestAddress is { } rest && !IsHttpAddress(rest, out _))
        {
            yield return new($"expected an address such as http://localhost:6333 or https://qdrant.example:6333, found '{rest}'", "qdrant.restAddress");
        }

        if (qdrant.RestAddress is not null && qdrant.IsEmbedded)
        {
            yield return new("the embedded Qdrant has no REST port: set qdrant.address as well, or leave this out", "qdrant.restAddress");
        }

        if (qdrant.ApiKey is not null && qdrant.ApiKeyFile is not null)
        {
            yield return new("set either apiKey or apiKeyFile, not both", "qdrant.apiKeyFile");
        }

        if (qdrant.ApiKeyFile is { } keyFile && !Readable(keyFile, out var reason))
        {
            yield return new($"the file with the API key cannot be read: {reason}", "qdrant.apiKeyFile");
        }

        if (qdrant.CaCertificateFile is { } certificate)
        {
            if (!Readable(certificate, out reason))
            {
                yield return new($"the certificate authority's file cannot be read: {reason}", "qdrant.caCertificateFile");
            }
            else if (!https)
            {
                yield return new("a certificate authority is of use only with an https:// address", "qdrant.caCertificateFile");
            }
        }
    }

    private static IEnumerable<ConfigurationProblem> Models(ModelsOptions models)
    {
        if (!Uri.TryCreate(models.Hub, UriKind.Absolute, out var hub) || hub.Scheme is not ("http" or "https") || hub is not { Host.Length: > 0, Query: "", UserInfo: "" })
        {
            yield return new($"expected an address such as https://huggingface.co, found '{models.Hub}'", "models.hub");
        }

        if (models.HubTokenFile is { } tokenFile && !Readable(tokenFile, out var reason))
        {
            yield return new($"the file with the hub's token cannot be read: {reason}", "models.hubTokenFile");
        }
    }

    private static IEnumerable<ConfigurationProblem> Indexes(IReadOnlyList<IndexOptions> indexes)
    {
        for (var i = 0; i < indexes.Count; i++)
        {
            var index = indexes[i];
            if (index.Name.Length > 0 && indexes.Take(i).Any(other => other.Name == index.Name))
            {
                yield return new($"index '{index.Name}' is declared twice; remove one", $"indexes[{i}].name");
            }

            foreach (var (key, message) in SourceRules.Problems(index.ToDefinition()))
            {
                yield return new(message, $"indexes[{i}].{key}");
            }

            if (index.Source is { Connection: not null, ConnectionFile: not null })
            {
                yield return new("set either connection or connectionFile, not both", $"indexes[{i}].source.connectionFile");
            }
        }
    }

    /// <summary>The smallest margin that is chosen by the number of queries.</summary>
    private const double TightestDefaultMargin = .02;

    private static IEnumerable<ConfigurationProblem> Rollout(RolloutOptions rollout)
    {
        if (rollout.Retention < rollout.Soak)
        {
            yield return new(
                $"blue cannot be retired ({SettingText.Format(rollout.Retention)}) before the soak ends ({SettingText.Format(rollout.Soak)})",
                "rollout.retention");
        }

        if (rollout.Gate.Epsilon >= (rollout.Gate.Margin ?? TightestDefaultMargin))
        {
            yield return new("epsilon must be below the margin: it is the loss too small to matter", "rollout.gate.epsilon");
        }

        var metrics = rollout.Gate.Metrics ?? [];
        if (rollout.Gate.Metrics is { Count: 0 })
        {
            yield return new("name at least one metric; leave the key away for those of the calibration set", "rollout.gate.metrics");
        }

        for (var i = 0; i < metrics.Count; i++)
        {
            if (!RetrievalMetric.TryParse(metrics[i], out _))
            {
                yield return new(
                    $"'{metrics[i]}' is not a metric; expected recall@k, recall_cap@k, precision@k, success@k, ndcg@k, map or mrr", $"rollout.gate.metrics[{i}]");
            }
        }
    }

    /// <summary>Whether it is the address of a server, without a path.</summary>
    public static bool IsHttpAddress(string address, out bool https) => IsAddress(address, out https) && new Uri(address).PathAndQuery == "/";

    /// <summary>Whether it is an address of http or https, with a path or without.</summary>
    public static bool IsAddress(string address, out bool https)
    {
        var valid = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri is { Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" };
        https = valid && uri!.Scheme == "https";
        return valid;
    }

    internal static bool Readable(string path, out string reason)
    {
        try
        {
            using var file = File.OpenRead(path);
            reason = "";
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = error.Message;
            return false;
        }
    }
}
