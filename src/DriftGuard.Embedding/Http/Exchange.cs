using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Http;

/// <summary>One attempt: a request goes out, a body of bounded size comes back, and what is no answer becomes an exception that says what it is.</summary>
internal sealed class Exchange(EndpointSettings settings, HttpClient client, ApiKey key, Secrets secrets, TimeProvider time, ILogger logger)
{
    private const int LargestErrorBody = 64 * 1024;
    private const int ReadAtOnce = 64 * 1024;

    /// <summary>Asks and reads an answer.</summary>
    /// <param name="path">The path behind the base address.</param>
    /// <param name="body">What is sent; <see langword="null"/> to only get.</param>
    /// <param name="largestAnswer">Most bytes of an answer.</param>
    /// <param name="isTransient">Whether a status passes by itself with this provider, besides those that do with all.</param>
    /// <param name="read">Reads the answer; <see cref="MalformedAnswerException"/> where it is none.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="EmbeddingProviderException">There is no answer.</exception>
    public async Task<T> SendAsync<T>(
        string path, ReadOnlyMemory<byte>? body, int largestAnswer, Func<int, bool> isTransient, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        var usedKey = key.Current;
        try
        {
            var answer = await SendOnceAsync(path, body, largestAnswer, usedKey, cancellation);
            if (answer.Status == HttpStatusCode.Unauthorized && key.Reload(usedKey))
            {
                Log.KeyReloaded(logger, settings.AddressOf(path), key.Source);
                answer = await SendOnceAsync(path, body, largestAnswer, key.Current, cancellation);
            }

            if (answer.Status is < HttpStatusCode.OK or >= HttpStatusCode.Ambiguous)
                throw RefusedWith(path, answer, isTransient);
            return ReadAnswer(answer, read);
        }
        catch (MalformedAnswerException e)
        {
            throw new EmbeddingProviderException(settings.AddressOf(path), $"{secrets.Redact(e.Message)}. The server, or something before it, is not what provider says, or it is in trouble: see its log.")
            {
                IsTransient = true,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // A connection that is torn down by a cancellation may say so as a broken one.
            cancellation.ThrowIfCancellationRequested();
            throw new EmbeddingProviderException(settings.AddressOf(path), $"{Cause(e)} Check that the server runs and that endpoint.url is its address.", e)
            {
                IsTransient = true,
                IsOutage = true,
            };
        }
    }

    private async Task<RawAnswer> SendOnceAsync(string path, ReadOnlyMemory<byte>? body, int largestAnswer, string? usedKey, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, settings.RequestUri(path))
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in settings.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        ApiKey.Apply(request, usedKey, settings);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var largest = response.IsSuccessStatusCode ? largestAnswer : LargestErrorBody;
        var (content, whole) = await ReadBodyAsync(response.Content, largest, cancellation);
        if (!whole && response.IsSuccessStatusCode)
            throw new MalformedAnswerException($"expected an answer of at most {largest} bytes; found more");
        return new(
            response.StatusCode, content, response.Content.Headers.ContentType?.MediaType ?? "no content type",
            RetryAfter.Read(response.Headers, time.GetUtcNow()), response.Headers.Location);
    }

    private static async Task<(Memory<byte> Content, bool Whole)> ReadBodyAsync(HttpContent content, int largest, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[ReadAtOnce];
        for (var count = 0; ;)
        {
            if (count == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = await ReadSomeAsync(stream, buffer.AsMemory(count), cancellation);
            if (read == 0)
                return (buffer.AsMemory(0, count), true);
            count += read;
            if (count > largest)
                return (buffer.AsMemory(0, largest), false);
        }
    }

    private static async ValueTask<int> ReadSomeAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw new IOException($"the compressed answer is damaged: {e.Message}", e);
        }
    }

    private T ReadAnswer<T>(RawAnswer answer, Func<JsonElement, T> read)
    {
        try
        {
            return Parse(answer.Content, read);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            BareNumbers.Replace(answer.Content.Span);
        }

        try
        {
            return Parse(answer.Content, read);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new MalformedAnswerException($"expected JSON; found {answer.ContentType}: {ErrorBody.Describe(answer.Content, secrets)}");
        }
    }

    private static T Parse<T>(ReadOnlyMemory<byte> content, Func<JsonElement, T> read)
    {
        using var json = JsonDocument.Parse(content);
        return read(json.RootElement);
    }

    private EmbeddingProviderException RefusedWith(string path, RawAnswer answer, Func<int, bool> isTransient)
    {
        var message = answer.Location is { } location
            ? $"a redirect to {secrets.Redact(new Uri(settings.RequestUri(path), location).GetLeftPart(UriPartial.Path))}"
            : ErrorBody.Describe(answer.Content, secrets);
        var refusal = Refusals.Of(answer.Status, message);
        var transient = refusal == Refusal.None && (Refusals.IsTransient(answer.Status, message) || isTransient((int)answer.Status));
        return new(settings.AddressOf(path), $"expected vectors; found status {(int)answer.Status}, {message}. {Refusals.Advice(answer.Status, message, key.Source)}")
        {
            Status = (int)answer.Status,
            IsTransient = transient,
            IsOutage = transient && answer.Status >= HttpStatusCode.InternalServerError,
            Refusal = refusal,
            RetryAfter = answer.RetryAfter,
        };
    }

    /// <summary>What broke, in words that do not need an inner exception.</summary>
    private string Cause(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host's name is not known.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } e =>
            $"TLS fails: {secrets.Redact((e.InnerException ?? e).Message)}",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } e => $"nobody answers: {secrets.Redact(e.Message)}.",
        _ => $"the connection broke before the answer was whole: {secrets.Redact(exception.Message)}",
    };

    /// <summary>A status and a body.</summary>
    private readonly record struct RawAnswer(HttpStatusCode Status, Memory<byte> Content, string ContentType, TimeSpan? RetryAfter, Uri? Location);
}
