using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>
/// Sends requests to a hub: follows redirects without taking the token to another host, times silence out, and tells failures that may
/// pass from those that will not.
/// </summary>
internal sealed class HubRequests : IDisposable
{
    private const int MostRedirects = 8;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        // Silence is what ends a request, not its length.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public HubRequests(HubOptions options, TimeProvider time)
    {
        options.Check();
        (Options, Time) = (options, time);
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("driftguard/0.1");
        // A length and a range are of the file itself only where nothing is compressed on the way.
        _client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
        Retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is PassingHubException),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.RetryMaxDelay,
                DelayGenerator = arguments => ValueTask.FromResult(
                    (arguments.Outcome.Exception as PassingHubException)?.Wait is { } wait ? TimeSpan.FromTicks(Math.Min(wait.Ticks, options.RetryMaxDelay.Ticks)) : (TimeSpan?)null),
            })
            .Build();
    }

    public HubOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>Repeats what fails with <see cref="PassingHubException"/>.</summary>
    public ResiliencePipeline Retry { get; }

    /// <summary>The address of something in the hub.</summary>
    /// <param name="segments">Unescaped parts of the path; each may hold slashes.</param>
    public Uri At(params ReadOnlySpan<string> segments)
    {
        var address = Options.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        foreach (var segment in segments)
            address += "/" + string.Join('/', segment.Split('/').Select(Uri.EscapeDataString));
        return new(address);
    }

    /// <summary>Sends a request and follows redirects until <paramref name="isAnswer"/> takes one, or the last is reached.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Where to begin.</param>
    /// <param name="what">What is asked for, for messages.</param>
    /// <param name="repository"><c>owner/name</c>, for messages.</param>
    /// <param name="prepare">Adds headers.</param>
    /// <param name="isAnswer">Whether a redirect says enough itself.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The answer, with its body still to be read: success, range not satisfiable, or a redirect that says enough.</returns>
    /// <exception cref="PassingHubException">It may work later.</exception>
    /// <exception cref="PinningException">It will not.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, string what, string repository, Action<HttpRequestHeaders>? prepare, Func<HttpResponseMessage, bool>? isAnswer, CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await SendOnceAsync(method, address, what, prepare, cancellation);
            if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable || isAnswer?.Invoke(response) == true)
                return response;
            using (response)
            {
                if ((int)response.StatusCode is < 300 or > 399 || response.Headers.Location is not { } location)
                    throw HubFailures.Of(response, what, repository, Options, Options.Is(address) && Options.Token is not null, Time.GetUtcNow());
                address = Follow(address, location, what);
            }
        }

        throw new PinningException(PinningFailure.Unavailable, $"{Options.Address.Authority} redirects {what} more than {MostRedirects} times. Is models.hub the address of a hub?");
    }

    /// <summary>Runs a part of a request, and ends it if nothing comes for too long.</summary>
    public async Task<T> WithinSilenceAsync<T>(string what, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(Options.Silence, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new PassingHubException($"nothing came of {what} for {Options.Silence.TotalSeconds:0} s. Is the network up?", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException or IOException && !cancellation.IsCancellationRequested)
        {
            throw new PassingHubException($"{what} was cut off: {e.Message}", null, e);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, string what, Action<HttpRequestHeaders>? prepare, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        prepare?.Invoke(request.Headers);
        // A file's bytes come from wherever the hub says; who asked for them concerns the hub alone.
        if (Options.Token is { } token && Options.Is(address))
            request.Headers.Authorization = new("Bearer", token);
        return await WithinSilenceAsync(
            $"{what} from {address.Authority}", stop => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop), cancellation);
    }

    private static Uri Follow(Uri from, Uri location, string what)
    {
        var to = new Uri(from, location);
        return to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp)
            ? to
            : throw new PinningException(PinningFailure.Refused, $"{from.Authority} redirects {what} to {to.Scheme}://{to.Authority}, which is not encrypted: refused.");
    }
}
