using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;

namespace DriftGuard.Embedding.Specs;

/// <summary>Reads the section <c>endpoint</c> of a model that is asked over HTTP.</summary>
internal static class EndpointFields
{
    private const int MostPerMinute = 1_000_000_000;
    private static readonly Uri Nowhere = new("http://nowhere.invalid");
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(30);

    public static EndpointSettings? Read(YamlFields? fields, ModelSpec spec)
    {
        if (fields is null)
            return null;
        var isOpenAI = spec.Provider == ModelSpec.OpenAIProvider;
        var texts = EndpointSettings.TextsPerRequestOf(spec.Provider);
        RefuseWhatTheProviderDoesNotTake(fields, spec.Provider);
        var settings = new EndpointSettings
        {
            Url = ReadUrl(fields),
            ApiKeyFile = Optional(fields, "api_key_file"),
            ApiKeyVariable = Optional(fields, "api_key_env"),
            ApiKeyHeader = fields.Text("api_key_header", EndpointSettings.BearerHeader),
            Query = fields.Pairs("query"),
            Headers = fields.Pairs("headers"),
            User = isOpenAI ? fields.Text("user", "") : "",
            Encoding = isOpenAI ? fields.Word("encoding", NumberEncoding.Base64) : NumberEncoding.Float,
            SendDimensions = spec.Provider != ModelSpec.TeiProvider
                && fields.Boolean("send_dimensions", fallback: !isOpenAI && spec.NativeDimensions is { } native && native != spec.Dimensions),
            TextsPerRequest = fields.IntegerWithin("max_texts_per_request", 1, texts.Most) ?? texts.Usual,
            TokensPerRequest = fields.IntegerWithin("max_tokens_per_request", 1, 10_000_000) ?? EndpointSettings.DefaultTokensPerRequest,
            Concurrency = fields.IntegerWithin("concurrency", 1, 256) ?? EndpointSettings.DefaultConcurrency,
            RequestsPerMinute = fields.IntegerWithin("requests_per_minute", 1, MostPerMinute),
            TokensPerMinute = fields.IntegerWithin("tokens_per_minute", 1, MostPerMinute),
            Timeout = fields.Duration("timeout", LeastTimeout, MostTimeout) ?? EndpointSettings.DefaultTimeout,
            Retries = fields.IntegerWithin("retries", 0, 20) ?? EndpointSettings.DefaultRetries,
            AnswersAs = fields.Texts("answers_as"),
        };
        Check(settings, fields);
        fields.RefuseUnknownKeys();
        return settings;
    }

    private static void RefuseWhatTheProviderDoesNotTake(YamlFields fields, string provider)
    {
        string[] keys = provider switch
        {
            ModelSpec.OpenAIProvider => [],
            ModelSpec.CohereProvider => ["user", "encoding", "answers_as"],
            _ => ["user", "encoding", "send_dimensions"],
        };
        foreach (var key in keys)
            fields.Refuse(key, $"endpoint.{key} has no meaning with provider: {provider}.");
    }

    private static Uri ReadUrl(YamlFields fields)
    {
        var text = fields.Text("url");
        if (text.Length == 0)
            return Nowhere;
        // The text is not repeated: where it is wrong, it may hold a password.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            fields.Report("url", "endpoint.url: expected an absolute address that begins with http:// or https://.");
        else if (url.UserInfo.Length > 0)
            fields.Report("url", "endpoint.url holds a user or password: use api_key_file or api_key_env.");
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
            fields.Report("url", "endpoint.url has a part behind '?' or '#': put parameters under endpoint.query.");
        else
            return url;
        return Nowhere;
    }

    private static string? Optional(YamlFields fields, string key) => fields.Text(key, fields.Has(key) ? null : "") is { Length: > 0 } text ? text : null;

    private static void Check(EndpointSettings settings, YamlFields fields)
    {
        if (settings is { ApiKeyFile: not null, ApiKeyVariable: not null })
            fields.Report("api_key_env", "endpoint has api_key_file and api_key_env: expected one of them.");
        if (fields.Has("api_key_header") && !fields.Has("api_key_file") && !fields.Has("api_key_env"))
            fields.Report("api_key_header", "endpoint.api_key_header needs api_key_file or api_key_env.");
        foreach (var name in settings.Headers.Keys.Append(settings.ApiKeyHeader).Where(name => !IsHeaderName(name)))
            fields.Report(settings.Headers.ContainsKey(name) ? "headers" : "api_key_header", $"'{name}' is no name of a header.");
        foreach (var name in settings.Headers.Where(h => h.Value.Any(c => c is < ' ' or > '~')).Select(h => h.Key))
            fields.Report("headers", $"the value of header '{name}' has characters that no header can carry.");
        if (settings.Headers.Keys.FirstOrDefault(name => name.Equals(settings.ApiKeyHeader, StringComparison.OrdinalIgnoreCase)) is { } twice)
            fields.Report("headers", $"endpoint.headers has '{twice}', the header of the API key: use api_key_file or api_key_env, so that the key can be rotated.");
    }

    private static bool IsHeaderName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}
