using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DriftGuard.Worker.Api.Client;

/// <summary>Asks the management API of a running <c>driftguard serve</c>. What it refuses by its kind becomes an <see cref="OperatorException"/> as here.</summary>
public sealed class ManagementClient : IDisposable
{
    // A check of a large index, or a score, answers when it is done.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _address;
    private readonly Func<string?> _key;

    /// <param name="address">The address of the server, without a path.</param>
    /// <param name="key">The API key; null for none.</param>
    public ManagementClient(string address, string? key)
        : this(address, () => key)
    {
    }

    /// <param name="address">The address of the server, without a path.</param>
    /// <param name="key">Reads the API key, which may be exchanged meanwhile; null for none.</param>
    public ManagementClient(string address, Func<string?> key)
    {
        (_address, _key) = (address.TrimEnd('/'), key);
        _http = new(new SocketsHttpHandler { ConnectTimeout = LongestConnecting, AllowAutoRedirect = false }) { BaseAddress = new($"{_address}/api/v1/"), Timeout = LongestAnswer };
    }

    /// <summary>Whether a text is the address of a server.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" };

    /// <summary>Reads something.</summary>
    /// <param name="path">Where it is, below <c>/api/v1/</c>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="json">How it is written; as the API does unless said.</param>
    /// <param name="query">What is meant of it; what is null is not said.</param>
    public Task<T> GetAsync<T>(FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, params IEnumerable<(string Name, object? Value)> query) =>
        SendAsync<T>(new(HttpMethod.Get, WithQuery(Escaped(path), query)), json, cancellation);

    /// <summary>Does something, once however often it has to be sent.</summary>
    /// <param name="path">Where it is, below <c>/api/v1/</c>.</param>
    /// <param name="body">What is said.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="json">How the answer is written; as the API does unless said.</param>
    /// <param name="idempotencyKey">What stands for this act whoever sends it again; a new one unless given.</param>
    public Task<T> PostAsync<T>(FormattableString path, object body, CancellationToken cancellation, JsonSerializerOptions? json = null, string? idempotencyKey = null) =>
        ActAsync<T>(HttpMethod.Post, Escaped(path), body, json, idempotencyKey, cancellation);

    /// <summary>Takes something away.</summary>
    public Task<T> DeleteAsync<T>(
        FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, string? idempotencyKey = null, params IEnumerable<(string Name, object? Value)> query) =>
        ActAsync<T>(HttpMethod.Delete, WithQuery(Escaped(path), query), null, json, idempotencyKey, cancellation);

    /// <summary>The events of a stream, until it ends: their types and data.</summary>
    public async IAsyncEnumerable<(string Type, string Data)> FollowAsync(FormattableString path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Escaped(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await TryAsync(() => _http.SendAsync(Signed(request), HttpCompletionOption.ResponseHeadersRead, cancellation), cancellation);
        await RequireSuccessAsync(answer, cancellation);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        await using var events = SseParser.Create(stream).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await TryAsync(() => events.MoveNextAsync().AsTask(), cancellation))
        {
            yield return (events.Current.EventType, events.Current.Data);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<T> ActAsync<T>(HttpMethod method, string path, object? body, JsonSerializerOptions? json, string? key, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(Idempotency.Header, key ?? Guid.NewGuid().ToString());
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ApiJson.Options);
        return SendAsync<T>(request, json, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonSerializerOptions? json, CancellationToken cancellation)
    {
        using (request)
        {
            using var answer = await TryAsync(() => _http.SendAsync(Signed(request), cancellation), cancellation);
            await RequireSuccessAsync(answer, cancellation);
            try
            {
                return await TryAsync(() => answer.Content.ReadFromJsonAsync<T>(json ?? ApiJson.Options, cancellation), cancellation)
                    ?? throw new JsonException("it is empty");
            }
            catch (JsonException error)
            {
                throw new ManagementException(null, $"what {_address} answers is not what this version of DriftGuard knows: {error.Message}", "Is it a driftguard serve, of the same version?", error);
            }
        }
    }

    private HttpRequestMessage Signed(HttpRequestMessage request)
    {
        request.Headers.Authorization = _key() is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        return request;
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ManagementException(null, $"{_address} cannot be asked: {error.Message}", "The address is --server, or DRIFTGUARD_SERVER.", error);
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var (detail, error) = await ProblemAsync(answer, cancellation);
        // By its kind where the server says it: the same message as if it had been done here.
        throw error is { } kind
            ? new OperatorException(kind, detail)
            : new ManagementException(answer.StatusCode, detail, answer.StatusCode is HttpStatusCode.Unauthorized ? "The key is that in --api-key-file, or DRIFTGUARD_API_KEY." : null);
    }

    private async Task<(string Detail, OperatorError? Error)> ProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var other = $"{_address} answered {(int)answer.StatusCode} {answer.ReasonPhrase}";
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return ($"{other}; is it a driftguard serve?", null);
        }

        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<Problem>(JsonSerializerOptions.Web, cancellation);
            return (problem?.Detail ?? other, Enum.TryParse<OperatorError>(problem?.Error?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var error) ? error : null);
        }
        catch (JsonException)
        {
            return (other, null);
        }
    }

    private static string WithQuery(string path, IEnumerable<(string Name, object? Value)> query)
    {
        var said = string.Join('&', query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Escaped(part.Value)}"));
        return said.Length == 0 ? path : $"{path}?{said}";
    }

    private static string Escaped(FormattableString path) =>
        string.Format(CultureInfo.InvariantCulture, path.Format, [.. path.GetArguments().Select(argument => (object)Escaped(argument))]);

    /// <summary>Names go into paths and queries as what they are, whatever they hold.</summary>
    private static string Escaped(object? value) => Uri.EscapeDataString(value switch
    {
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        Enum word => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    });

    private sealed record Problem(string? Detail, string? Error);
}
