namespace DriftGuard.Worker.Configuration;

/// <summary>What the settings of telemetry say about each other and about the machine.</summary>
internal static class TelemetryRules
{
    public static IEnumerable<ConfigurationProblem> Check(TelemetryOptions telemetry)
    {
        var otlp = telemetry.Otlp;
        if (otlp.Endpoint is { } endpoint
            && (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address is not { Host.Length: > 0, Query: "", UserInfo: "" }))
        {
            yield return new($"expected an address such as http://collector:4317, found '{endpoint}'", "telemetry.otlp.endpoint");
        }

        if (otlp.Headers is not null && otlp.HeadersFile is not null)
        {
            yield return new("set either headers or headersFile, not both", "telemetry.otlp.headersFile");
        }

        if (otlp.HeadersFile is { } file && !OptionsRules.Readable(file, out var reason))
        {
            yield return new($"the file with the headers cannot be read: {reason}", "telemetry.otlp.headersFile");
        }
        else if (otlp.Endpoint is not null && otlp.ReadHeaders() is { Length: > 0 } headers && !headers.Split(',').All(IsHeader))
        {
            // Without them: they are a secret.
            yield return new("expected headers such as authorization=Bearer ..., with commas between several", otlp.HeadersFile is null ? "telemetry.otlp.headers" : "telemetry.otlp.headersFile");
        }
    }

    private static bool IsHeader(string header) => header.IndexOf('=', StringComparison.Ordinal) > 0;
}
