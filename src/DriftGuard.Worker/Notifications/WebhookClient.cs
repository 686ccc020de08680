using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DriftGuard.Core.Notifications;
using DriftGuard.Embedding.Http;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Notifications;

/// <summary>What a webhook answered.</summary>
/// <param name="Delivered">It took the message.</param>
/// <param name="Final">It will never take this message, however often it is sent.</param>
/// <param name="Said">What it said, or why there is no answer, for people; without any secret.</param>
/// <param name="RetryAfter">How long it asks to wait; null where it does not.</param>
internal sealed record WebhookAnswer(bool Delivered, bool Final, string Said, TimeSpan? RetryAfter);

/// <summary>Sends messages to webhooks, each once. Addresses and headers are secrets: they stand in no log, no trace and no answer.</summary>
internal sealed class WebhookClient : IDisposable
{
    /// <summary>The longest that an answer is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int LongestAnswer = 16 * 1024;
    private const int LongestExcerpt = 200;

    // Pieces of an address that are long enough to be keys.
    private const int ShortestKey = 12;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly HttpStatusCode[] OfTheMessage = [HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnprocessableEntity];

    private readonly TimeProvider time;
    private readonly string source;
    private readonly HttpClient _client;

    public WebhookClient(DriftGuardOptions options, TimeProvider time)
    {
        (this.time, source) = (time, options.Notifications.Source);
        _client = new(new SocketsHttpHandler
        {
            // A redirect would carry the message, and what it is signed with, to wherever the answer says; and without a propagator no trace has the address.
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Patience,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new("DriftGuard", typeof(WebhookClient).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Sends a message once.</summary>
    public async Task<WebhookAnswer> SendAsync(WebhookOptions webhook, Notification notification, CancellationToken cancellation)
    {
        var secrets = new Secrets();
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = Request(webhook, notification, secrets);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var said = await ReadAsync(response.Content, either.Token);
            var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            return new(
                response.IsSuccessStatusCode, OfTheMessage.Contains(response.StatusCode),
                Excerpt(secrets.Redact(said.Length == 0 ? status : $"{status}: {said}")), RetryAfter.Read(response.Headers, time.GetUtcNow()));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return NoAnswer($"none within {Patience.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UnauthorizedAccessException or UriFormatException && !cancellation.IsCancellationRequested)
        {
            return NoAnswer(secrets.Redact(failure.Message));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static WebhookAnswer NoAnswer(string why) => new(false, false, $"no answer: {why}", null);

    private HttpRequestMessage Request(WebhookOptions webhook, Notification notification, Secrets secrets)
    {
        var url = webhook.ReadUrl() ?? "";
        secrets.Add(url);
        var address = new Uri(url);
        secrets.Add(address.PathAndQuery.Length > 1 ? address.PathAndQuery : url);
        foreach (var piece in address.PathAndQuery.Split('/', '?', '&', '=').Where(piece => piece.Length >= ShortestKey))
        {
            secrets.Add(piece);
        }

        var body = WebhookBodies.Of(notification, webhook.Format, source);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body.Bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse($"{body.ContentType}; charset=utf-8");
        foreach (var (name, value) in webhook.ReadHeaders())
        {
            secrets.Add(value);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var (id, at) = (notification.Id, WebhookSignature.TimeOf(time.GetUtcNow()));
        request.Headers.TryAddWithoutValidation(WebhookSignature.IdHeader, Uri.EscapeDataString(id));
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimeHeader, at);
        if (webhook.ReadSecret() is { Length: > 0 } secret)
        {
            secrets.Add(secret);
            request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(secret, Uri.EscapeDataString(id), at, body.Bytes));
        }

        return request;
    }

    // After secrets are taken out: half of one is one, too.
    private static string Excerpt(string text) => text.Length <= LongestExcerpt ? text : $"{text[..LongestExcerpt]}...";

    /// <summary>An answer on one line.</summary>
    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var buffer = new byte[LongestAnswer];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return string.Join(' ', Encoding.UTF8.GetString(buffer, 0, length).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
