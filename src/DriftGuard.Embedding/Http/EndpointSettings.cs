using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Where a provider is and how it is asked: the section <c>endpoint</c> of <c>model.yaml</c>. Nothing here decides a vector, so nothing
/// here is part of a fingerprint.
/// </summary>
internal sealed record EndpointSettings
{
    public const string BearerHeader = "Authorization";
    public const int DefaultRetries = 5;
    public const int DefaultConcurrency = 4;
    public const int DefaultTokensPerRequest = 100_000;
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The base address; the provider's path is put behind it.</summary>
    public required Uri Url { get; init; }

    /// <summary>The file that holds the API key, read again after a refusal.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>The environment variable that holds the API key.</summary>
    public string? ApiKeyVariable { get; init; }

    /// <summary>The header that carries the key; in <see cref="BearerHeader"/> it is a bearer token.</summary>
    public string ApiKeyHeader { get; init; } = BearerHeader;

    /// <summary>Parameters behind each address, e.g. Azure's <c>api-version</c>.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whom requests are made for, as OpenAI takes it; empty for nobody.</summary>
    public string User { get; init; } = "";

    /// <summary>How numbers are asked for.</summary>
    public NumberEncoding Encoding { get; init; } = NumberEncoding.Base64;

    /// <summary>Whether the provider is asked for the spec's dimensions, instead of cutting its vectors here.</summary>
    public bool SendDimensions { get; init; }

    /// <summary>Most texts of a request.</summary>
    public required int TextsPerRequest { get; init; }

    /// <summary>Most tokens of a request, counted or estimated; a single text may have more.</summary>
    public int TokensPerRequest { get; init; } = DefaultTokensPerRequest;

    /// <summary>Requests under way at once.</summary>
    public int Concurrency { get; init; } = DefaultConcurrency;

    /// <summary>Requests that are begun in a minute; no limit unless set.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens that are sent in a minute; no limit unless set.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>The time for one attempt, to the last byte of the answer.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Attempts after the first one.</summary>
    public int Retries { get; init; } = DefaultRetries;

    /// <summary>Names that answers may give to this model.</summary>
    public IReadOnlyList<string> AnswersAs { get; init; } = [];

    /// <summary>Most texts of a request where the spec does not say, and the most that may be said.</summary>
    public static (int Usual, int Most) TextsPerRequestOf(string provider) => provider switch
    {
        ModelSpec.CohereProvider => (96, 96),
        ModelSpec.TeiProvider => (32, 100_000),
        _ => (256, 2048),
    };

    /// <summary>The address of a path, without parameters.</summary>
    public string AddressOf(string path) => Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/') + path;

    /// <summary>The address of a path with the parameters of <see cref="Query"/>.</summary>
    public Uri RequestUri(string path) => new(AddressOf(path) + (Query.Count == 0
        ? ""
        : "?" + string.Join('&', Query.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"))));

    /// <summary>No secret: parameters and headers may hold some.</summary>
    public override string ToString() => AddressOf("");
}

/// <summary>How numbers travel.</summary>
internal enum NumberEncoding
{
    /// <summary>The bytes of 32-bit floats, little-endian, in base64: exact, and a third of the size.</summary>
    Base64,

    /// <summary>Decimal numbers.</summary>
    Float,
}
