using System.Globalization;
using System.Text.Json;
using DriftGuard.Worker.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Dashboard.Asking;

/// <summary>
/// Asks the management API on behalf of whoever looks at a page, by the same routes and under the same rights as any client. It is the only source of pages:
/// they show no figure that the API does not give, and do nothing that it does not allow.
/// </summary>
internal sealed class PageApi(HttpContext page, ApiPipeline pipeline)
{
    /// <summary>What tells the API who asks, and from where.</summary>
    private static readonly string[] Carried = [HeaderNames.Authorization, HeaderNames.Host, HeaderNames.Origin, "api-key", "Sec-Fetch-Site", "traceparent"];

    private readonly List<AskedAnswer> _asked = [];

    /// <summary>What was read so far, with the entity tags of the answers: what a page is made from.</summary>
    public IReadOnlyList<AskedAnswer> Asked => _asked;

    /// <summary>The API for a request of a page.</summary>
    public static PageApi Of(HttpContext page) => new(page, page.RequestServices.GetRequiredService<ApiPipeline>());

    /// <summary>Reads something.</summary>
    /// <param name="path">Where it is, below <c>/api/v1/</c>.</param>
    /// <param name="json">How it is written; as the API does unless said.</param>
    /// <exception cref="ApiRefusedException">The API refuses.</exception>
    public async Task<T> GetAsync<T>(FormattableString path, JsonSerializerOptions? json = null)
    {
        var address = $"/api/v1/{Escaped(path)}";
        var (body, tag) = await ReadAsync(address);
        _asked.Add(new(address, tag));
        return Parsed<T>(body, json);
    }

    /// <summary>The same, of what may not be there, or may be another's to see; null then.</summary>
    public async Task<T?> FindAsync<T>(FormattableString path, JsonSerializerOptions? json = null)
        where T : class
    {
        try
        {
            return await GetAsync<T>(path, json);
        }
        catch (ApiRefusedException refused) when (refused.Status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    /// <summary>The entity tag of what an address of the API answers now.</summary>
    public async Task<string> TagAsync(string address) => (await ReadAsync(address)).Tag;

    /// <summary>Does something, once, whatever a browser repeats.</summary>
    /// <param name="path">Where, below <c>/api/v1/</c>.</param>
    /// <param name="body">With what.</param>
    /// <param name="key">Tells this act from others; null where it may be repeated.</param>
    /// <exception cref="ApiRefusedException">The API refuses.</exception>
    public async Task<JsonElement> PostAsync(FormattableString path, object body, string? key)
    {
        var headers = new HeaderDictionary { [HeaderNames.ContentType] = "application/json" };
        if (!string.IsNullOrEmpty(key))
        {
            headers["Idempotency-Key"] = key;
        }

        var (status, answer, _) = await SendAsync(HttpMethods.Post, $"/api/v1/{Escaped(path)}", headers, JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options));
        return status == StatusCodes.Status200OK ? Parsed<JsonElement>(answer, null) : throw ApiRefusedException.Of(status, answer);
    }

    private async Task<(ReadOnlyMemory<byte> Body, string Tag)> ReadAsync(string address)
    {
        var (status, body, headers) = await SendAsync(HttpMethods.Get, address, [], []);
        return status == StatusCodes.Status200OK ? (body, headers.ETag.ToString()) : throw ApiRefusedException.Of(status, body);
    }

    private async Task<(int Status, ReadOnlyMemory<byte> Body, IHeaderDictionary Headers)> SendAsync(string method, string address, HeaderDictionary headers, byte[] body)
    {
        foreach (var name in Carried.Where(page.Request.Headers.ContainsKey))
        {
            headers[name] = page.Request.Headers[name];
        }

        var question = address.IndexOf('?', StringComparison.Ordinal);
        using var answered = new MemoryStream();
        var response = new HttpResponseFeature();
        var features = new FeatureCollection();
        headers.ContentLength = body.Length;
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = method,
            Scheme = page.Request.Scheme,
            Protocol = "HTTP/1.1",
            Path = Uri.UnescapeDataString(question < 0 ? address : address[..question]),
            QueryString = question < 0 ? "" : address[question..],
            RawTarget = address,
            Headers = headers,
            Body = new MemoryStream(body, writable: false),
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answered));
        features.Set(page.Features.GetRequiredFeature<IHttpConnectionFeature>());
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = page.RequestAborted });
        features.Set<IHttpRequestBodyDetectionFeature>(new HasBody(body.Length > 0));
        var factory = page.RequestServices.GetRequiredService<IHttpContextFactory>();
        var context = factory.Create(features);
        try
        {
            await pipeline.Answer(context);
            await context.Response.CompleteAsync();
        }
        finally
        {
            factory.Dispose(context);
        }

        return (response.StatusCode, answered.ToArray(), response.Headers);
    }

    private static T Parsed<T>(ReadOnlyMemory<byte> body, JsonSerializerOptions? json) =>
        JsonSerializer.Deserialize<T>(body.Span, json ?? ApiJson.Options) ?? throw new JsonException("the API answers with nothing");

    private static string Escaped(FormattableString path) => string.Format(
        CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(argument => (object)Uri.EscapeDataString(Convert.ToString(argument, CultureInfo.InvariantCulture) ?? ""))]);

    private sealed record HasBody(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}

/// <summary>What a page was made from.</summary>
/// <param name="Address">The address, from <c>/api/v1/</c> on.</param>
/// <param name="Tag">The entity tag of the answer.</param>
internal sealed record AskedAnswer(string Address, string Tag);
