using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DriftGuard.Worker;
using DriftGuard.Worker.Api;

namespace DriftGuard.Cli.Shell;

/// <summary>Asks the management API of a running <c>driftguard serve</c>. What it refuses becomes the same errors and exit codes as here.</summary>
internal sealed class ApiClient : IDisposable
{
    /// <summary>The variable with the API key.</summary>
    public const string KeyVariable = "DRIFTGUARD_API_KEY";

    // A check of a large index, or a score, answers when it is done.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;
    private readonly string _address;

    private ApiClient(string address, string? key)
    {
        _address = address.TrimEnd('/');
        _http = new(new SocketsHttpHandler { ConnectTimeout = LongestConnecting, AllowAutoRedirect = false }) { BaseAddress = new($"{_address}/api/v1/"), Timeout = LongestAnswer };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    /// <summary>Whether a text is the address of a server.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Host.Length: > 0, Query: "", Fragment: "", UserInfo: "" };

    /// <summary>A client of the server that the command line names.</summary>
    /// <exception cref="CommandException">The address is none, or the file with the key cannot be read.</exception>
    public static ApiClient Open(CommandContext context)
    {
        var address = context.Server!;
        if (!IsAddress(address))
        {
            throw new CommandException(ExitCode.Usage, $"{CommandContext.ServerVariable}: expected an address such as https://driftguard.example:8470, found '{address}'");
        }

        return new(address, KeyOf(context));
    }

    /// <summary>Reads something.</summary>
    /// <param name="path">Where it is, below <c>/api/v1/</c>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="json">How it is written; as the API does unless said.</param>
    /// <param name="query">What is meant of it; what is null is not said.</param>
    public Task<T> GetAsync<T>(FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, params IEnumerable<(string Name, object? Value)> query) =>
        SendAsync<T>(new(HttpMethod.Get, WithQuery(Escaped(path), query)), json, cancellation);

    /// <summary>Does something, once however often it has to be sent.</summary>
    public Task<T> PostAsync<T>(FormattableString path, object body, CancellationToken cancellation, JsonSerializerOptions? json = null) =>
        ActAsync<T>(HttpMethod.Post, Escaped(path), body, json, cancellation);

    /// <summary>Takes something away.</summary>
    public Task<T> DeleteAsync<T>(FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, params IEnumerable<(string Name, object? Value)> query) =>
        ActAsync<T>(HttpMethod.Delete, WithQuery(Escaped(path), query), null, json, cancellation);

    /// <summary>The events of a stream, until it ends: their types and data.</summary>
    public async IAsyncEnumerable<(string Type, string Data)> FollowAsync(FormattableString path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Escaped(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await TryAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation), cancellation);
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

    private Task<T> ActAsync<T>(HttpMethod method, string path, object? body, JsonSerializerOptions? json, CancellationToken cancellation)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(Idempotency.Header, Guid.NewGuid().ToString());
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ApiJson.Options);
        return SendAsync<T>(request, json, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonSerializerOptions? json, CancellationToken cancellation)
    {
        using (request)
        {
            using var answer = await TryAsync(() => _http.SendAsync(request, cancellation), cancellation);
            await RequireSuccessAsync(answer, cancellation);
            try
            {
                return await TryAsync(() => answer.Content.ReadFromJsonAsync<T>(json ?? ApiJson.Options, cancellation), cancellation)
                    ?? throw new JsonException("it is empty");
            }
            catch (JsonException error)
            {
                throw new CommandException(ExitCode.Unavailable, $"what {_address} answers is not what this version of DriftGuard knows: {error.Message}", "Is it a driftguard serve, of the same version?", error);
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandException(ExitCode.Unavailable, $"{_address} cannot be asked: {error.Message}", "The address is --server, or DRIFTGUARD_SERVER.", error);
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var (detail, error) = await ProblemAsync(answer, cancellation);
        // By its kind where the server says it: the same message as if the command had worked here.
        throw error is { } kind
            ? new OperatorException(kind, detail)
            : new CommandException(CodeOf(answer.StatusCode), detail, answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => $"The key is that in --api-key-file, or {KeyVariable}.",
                _ => null,
            });
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

    private static ExitCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict => ExitCode.Conflict,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Refused,
        HttpStatusCode.InternalServerError => ExitCode.UnexpectedError,
        >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => ExitCode.Unavailable,
        _ => ExitCode.Usage,
    };

    private static string? KeyOf(CommandContext context)
    {
        if (context.ApiKeyFile is not { } file)
        {
            return context.Environment.Variables.GetValueOrDefault(KeyVariable) is { Length: > 0 } key ? key.Trim() : null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"the file with the API key cannot be read: {error.Message}", innerException: error);
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
