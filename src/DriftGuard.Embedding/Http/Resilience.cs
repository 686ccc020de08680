using System.Diagnostics.CodeAnalysis;
using DriftGuard.Core.Rates;
using DriftGuard.Core.Text;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// How often, how fast and how long a provider is asked. From the outside in: repeats with backoff; the circuit, which is open while the
/// endpoint is down; a slot among those under way; the rates; the time for one attempt.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore nobody takes the wait handle of holds nothing.")]
internal sealed class Resilience
{
    /// <summary>The longest that a call waits because the server asks it to; what asks for more is better told to people.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(2);

    private const double SecondsAMinute = 60;
    private const int OutagesToOpen = 10;
    private const double OutageRatioToOpen = .5;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutageWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(15);

    private readonly EndpointSettings _settings;
    private readonly EmbeddingStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline _repeats;
    private readonly ResiliencePipeline _circuit;
    private readonly ResiliencePipeline _attemptTime;
    private readonly SemaphoreSlim _slots;
    private readonly TokenBucket? _requests;
    private readonly TokenBucket? _tokens;

    public Resilience(EndpointSettings settings, EmbeddingStatistics statistics, TimeProvider time, ILogger logger)
    {
        (_settings, _statistics, _time, _logger) = (settings, statistics, time, logger);
        _repeats = settings.Retries == 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(Repeats()).Build();
        _circuit = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(Circuit()).Build();
        _attemptTime = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(settings.Timeout).Build();
        _slots = new(settings.Concurrency);
        _requests = settings.RequestsPerMinute is { } requests ? new(requests / SecondsAMinute, time) : null;
        _tokens = settings.TokensPerMinute is { } tokens ? new(tokens / SecondsAMinute, time) : null;
    }

    /// <summary>Told of each attempt that another one follows.</summary>
    public Action AttemptFailed { get; set; } = () => { };

    /// <summary>Makes a request until it is answered, or it is clear that it will not be.</summary>
    /// <param name="address">The address, for people.</param>
    /// <param name="tokens">What it takes of the tokens a minute.</param>
    /// <param name="send">One attempt.</param>
    /// <param name="cancellation">Ends it at once, waits included.</param>
    /// <exception cref="EmbeddingProviderException">There is no answer.</exception>
    public async Task<T> RunAsync<T>(string address, int tokens, Func<CancellationToken, Task<T>> send, CancellationToken cancellation)
    {
        var attempts = 0;
        try
        {
            return await _repeats.ExecuteAsync(async token =>
            {
                attempts++;
                return await ThroughCircuitAsync(address, tokens, send, token);
            }, cancellation);
        }
        catch (EmbeddingProviderException e) when (e is { IsTransient: true, RetryAfter: { } asked } && asked > LongestRetryAfter)
        {
            throw new EmbeddingProviderException(address, $"{e.Reason} It asks to wait {DurationText.Format(asked)}, longer than the "
                + $"{DurationText.Format(LongestRetryAfter)} that a call waits.", e)
            {
                Status = e.Status,
                IsTransient = true,
            };
        }
        catch (EmbeddingProviderException e) when (attempts > 1 && e.IsTransient)
        {
            throw e.After(attempts);
        }
    }

    private async Task<T> ThroughCircuitAsync<T>(string address, int tokens, Func<CancellationToken, Task<T>> send, CancellationToken cancellation)
    {
        try
        {
            return await _circuit.ExecuteAsync(async token => await InSlotAsync(address, tokens, send, token), cancellation);
        }
        catch (BrokenCircuitException e)
        {
            throw new EmbeddingProviderException(address, $"was not asked, since it failed {OutagesToOpen} times or more within "
                + $"{DurationText.Format(OutageWindow)}; it is asked again {DurationText.Format(OpenFor)} after the last time. Check that the server runs.", e)
            {
                IsTransient = true,
                RetryAfter = e.RetryAfter ?? OpenFor,
            };
        }
    }

    private async Task<T> InSlotAsync<T>(string address, int tokens, Func<CancellationToken, Task<T>> send, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            if (_requests is not null)
                await _requests.WaitAsync(1, cancellation);
            if (_tokens is not null)
                await _tokens.WaitAsync(tokens, cancellation);
            return await TimedAsync(send, cancellation);
        }
        catch (TimeoutRejectedException e)
        {
            throw new EmbeddingProviderException(address, $"expected a whole answer within {DurationText.Format(_settings.Timeout)} (endpoint.timeout); it did not come. "
                + "See the server's log, or send less at once: endpoint.concurrency, max_texts_per_request, max_tokens_per_request.", e)
            {
                IsTransient = true,
                IsOutage = true,
            };
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>One attempt, counted with the time that the server takes for it: no wait of ours is part of that.</summary>
    private async Task<T> TimedAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        try
        {
            return await _attemptTime.ExecuteAsync(async token => await send(token), cancellation);
        }
        finally
        {
            _statistics.CountRequest(_time.GetElapsedTime(began));
        }
    }

    private RetryStrategyOptions Repeats() => new()
    {
        ShouldHandle = static arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is EmbeddingProviderException { IsTransient: true } e && !(e.RetryAfter > LongestRetryAfter)),
        MaxRetryAttempts = _settings.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstBackoff,
        MaxDelay = LongestBackoff,
        DelayGenerator = static arguments => ValueTask.FromResult((arguments.Outcome.Exception as EmbeddingProviderException)?.RetryAfter),
        OnRetry = arguments =>
        {
            if (arguments.Outcome.Exception is EmbeddingProviderException e)
                Log.Repeating(_logger, e.Address, e.Reason, arguments.AttemptNumber + 2, arguments.RetryDelay);
            AttemptFailed();
            return default;
        },
    };

    private CircuitBreakerStrategyOptions Circuit() => new()
    {
        ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is EmbeddingProviderException { IsOutage: true }),
        MinimumThroughput = OutagesToOpen,
        FailureRatio = OutageRatioToOpen,
        SamplingDuration = OutageWindow,
        BreakDuration = OpenFor,
        OnOpened = _ =>
        {
            Log.CircuitOpened(_logger, _settings.AddressOf(""), OpenFor);
            return default;
        },
    };
}
