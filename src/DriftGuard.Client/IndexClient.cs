using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriftGuard.Client;

/// <summary>
/// One index behind a DriftGuard gateway. Texts are embedded there by the model that made the vectors they are compared with, before, during and
/// after a switch to another model. To embed in the application itself, see <see cref="EmbeddingIndexClient"/>.
/// </summary>
public sealed class IndexClient
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(50);

    private readonly HttpClient http;
    private readonly string path;

    /// <summary>A client of one index.</summary>
    /// <param name="http">Its base address is the gateway's; it stays the caller's.</param>
    /// <param name="index">The index.</param>
    public IndexClient(HttpClient http, string index)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentException.ThrowIfNullOrEmpty(index);
        (this.http, path, Index) = (http, $"v1/indexes/{Uri.EscapeDataString(index)}", index);
    }

    /// <summary>The index.</summary>
    public string Index { get; }

    /// <summary>By what it is served now.</summary>
    /// <exception cref="DriftGuardException">The gateway refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<IndexRoute> RouteAsync(CancellationToken cancellation = default) => (await RouteAsync(null, "", cancellation)).Route!;

    /// <summary>By what it is served, now and each time that changes, until it is cancelled.</summary>
    /// <exception cref="DriftGuardException">The gateway refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async IAsyncEnumerable<IndexRoute> FollowAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var wait = string.Create(CultureInfo.InvariantCulture, $"?wait={Poll.TotalSeconds}");
        for (EntityTagHeaderValue? known = null; ;)
        {
            (var route, known) = await RouteAsync(known, known is null ? "" : wait, cancellation);
            if (route is not null)
            {
                yield return route;
            }
        }
    }

    /// <summary>Searches by a text, which the gateway embeds.</summary>
    /// <exception cref="DriftGuardException">The gateway refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<SearchAnswer> SearchAsync(string text, SearchOptions? options = null, CancellationToken cancellation = default) =>
        await ReadAsync<SearchAnswer>(await SendAsync(HttpMethod.Post, "search", Query(options, ("text", text)), cancellation), cancellation);

    /// <summary>Searches by a vector.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="fingerprint">Of the model that made it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>What was found; null where another model serves by now, so that the vector compares with nothing.</returns>
    /// <exception cref="DriftGuardException">The gateway refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<SearchAnswer?> SearchAsync(ReadOnlyMemory<float> vector, string fingerprint, SearchOptions? options = null, CancellationToken cancellation = default)
    {
        var body = Query(options, ("vector", new JsonArray([.. vector.ToArray().Select(component => (JsonNode)component)])), ("fingerprint", fingerprint));
        var answer = await SendAsync(HttpMethod.Post, "search", body, cancellation);
        if (answer.StatusCode == HttpStatusCode.Conflict && await TellsAnotherAsync(answer, fingerprint, cancellation))
        {
            return null;
        }

        return await ReadAsync<SearchAnswer>(answer, cancellation);
    }

    /// <summary>Inserts points, or replaces them whole.</summary>
    /// <param name="points">Objects with <c>id</c>, <c>text</c> and <c>payload</c>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DriftGuardException">The gateway refuses; nothing was written.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached; the write may have been applied, and can be made again.</exception>
    public Task PutAsync(IEnumerable<JsonNode> points, CancellationToken cancellation = default) => WriteAsync(HttpMethod.Put, "points", points, cancellation);

    /// <summary>Changes keys of the payloads of points.</summary>
    /// <param name="points">Objects with <c>id</c>, and <c>text</c>, <c>payload</c> and <c>unset</c> where they change.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DriftGuardException">The gateway refuses; nothing was written.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached; the write may have been applied, and can be made again.</exception>
    public Task PatchAsync(IEnumerable<JsonNode> points, CancellationToken cancellation = default) => WriteAsync(HttpMethod.Patch, "points", points, cancellation);

    /// <summary>Deletes points.</summary>
    /// <param name="ids">Numbers, or UUIDs as texts.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DriftGuardException">The gateway refuses; nothing was deleted.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached; the points may have been deleted.</exception>
    public Task DeleteAsync(IEnumerable<JsonNode> ids, CancellationToken cancellation = default) => WriteAsync(HttpMethod.Delete, "ids", ids, cancellation);

    private async Task WriteAsync(HttpMethod method, string key, IEnumerable<JsonNode> values, CancellationToken cancellation)
    {
        var body = new JsonObject { [key] = new JsonArray([.. values.Select(value => value.DeepClone())]) };
        await ReadAsync<JsonElement>(await SendAsync(method, "points", body, cancellation), cancellation);
    }

    private async Task<(IndexRoute? Route, EntityTagHeaderValue? Tag)> RouteAsync(EntityTagHeaderValue? known, string query, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}/route{query}");
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        var answer = await http.SendAsync(request, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotModified)
        {
            answer.Dispose();
            return (null, known);
        }

        var tag = answer.Headers.ETag;
        return (await ReadAsync<IndexRoute>(answer, cancellation), tag);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string what, JsonObject body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"{path}/{what}") { Content = JsonContent.Create(body) };
        return await http.SendAsync(request, cancellation);
    }

    private static JsonObject Query(SearchOptions? options, params ReadOnlySpan<(string Key, JsonNode? Value)> asked)
    {
        options ??= new();
        var body = new JsonObject { ["limit"] = options.Limit, ["exact"] = options.Exact };
        if (options.Filter is { } filter)
        {
            body["filter"] = filter.DeepClone();
        }

        foreach (var (key, value) in asked)
        {
            body[key] = value;
        }

        return body;
    }

    /// <summary>Whether a conflict is that another model serves.</summary>
    private static async Task<bool> TellsAnotherAsync(HttpResponseMessage answer, string fingerprint, CancellationToken cancellation)
    {
        await answer.Content.LoadIntoBufferAsync(cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return problem.TryGetProperty("fingerprint", out var now) && now.GetString() != fingerprint;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using (answer)
        {
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.Content.ReadFromJsonAsync<T>(Json, cancellation))!;
            }

            throw new DriftGuardException(answer.StatusCode, await DetailAsync(answer, cancellation));
        }
    }

    private static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString()!;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Something between that is no gateway.
            return $"the gateway answered {(int)answer.StatusCode}: {text}";
        }
    }
}
