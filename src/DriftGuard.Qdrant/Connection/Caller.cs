using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace DriftGuard.Qdrant.Connection;

/// <summary>Makes each call: headers, deadline, repeats where they are safe, and an error that says what happened.</summary>
internal sealed class Caller : IDisposable
{
    private const long Never = long.MinValue;

    private readonly QdrantOptions _options;
    private readonly ILogger _logger;
    private readonly ApiKeySource _key;
    private readonly ResiliencePipeline _repeats;
    private readonly TimeProvider _time;
    private long _unsettledSince = Never;

    public Caller(QdrantOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _time = time;
        _key = new ApiKeySource(options);
        Channel = Channels.Open(options);
        _repeats = Repeats(time);
    }

    public GrpcChannel Channel { get; }

    /// <summary>For how long a write of points may still be applied that had no answer, be it that a repeat of it had one; zero where there is none.</summary>
    public TimeSpan UnsettledFor
    {
        get
        {
            var since = Interlocked.Read(ref _unsettledSince);
            var left = since == Never ? TimeSpan.Zero : _options.WriteTimeout - _time.GetElapsedTime(since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Makes a call.</summary>
    /// <exception cref="QdrantException">It failed, after repeats where they are safe.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; a write may still happen.</exception>
    public async Task<TResponse> InvokeAsync<TResponse>(
        Call call, Func<CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken)
    {
        var attempts = new Attempts<TResponse>(this, call, send);
        try
        {
            if (!call.Repeatable)
                return await attempts.NextAsync(cancellationToken);
            var context = ResilienceContextPool.Shared.Get(Failures.Subject(call, _options), cancellationToken);
            try
            {
                return await _repeats.ExecuteAsync(
                    static (context, attempts) => attempts.NextAsync(context.CancellationToken), context, attempts);
            }
            finally
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failures.Of(exception, call, _options, _key.HasKey, attempts.OutcomeUnknown, attempts.Count);
        }
    }

    public void Dispose() => Channel.Dispose();

    private ResiliencePipeline Repeats(TimeProvider time)
    {
        if (_options.RetryAttempts == 0)
            return ResiliencePipeline.Empty;
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is RpcException exception && Failures.IsPassing(exception)),
                MaxRetryAttempts = _options.RetryAttempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryDelay,
                MaxDelay = _options.RetryMaxDelay,
                DelayGenerator = arguments => ValueTask.FromResult(AskedDelay(arguments.Outcome.Exception as RpcException)),
                OnRetry = arguments =>
                {
                    var cause = arguments.Outcome.Exception is RpcException exception ? Failures.CauseOf(exception) : "";
                    Log.Repeating(_logger, arguments.Context.OperationKey, cause, arguments.AttemptNumber + 2, arguments.RetryDelay);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>What a rate-limited Qdrant asks for in seconds, within the longest delay; null: the usual backoff.</summary>
    private TimeSpan? AskedDelay(RpcException? exception)
    {
        var asked = exception?.Trailers.GetValue("retry-after");
        return asked is not null && uint.TryParse(asked, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, _options.RetryMaxDelay.TotalSeconds))
            : null;
    }

    private sealed class Attempts<TResponse>(Caller caller, Call call, Func<CallOptions, AsyncUnaryCall<TResponse>> send)
    {
        public int Count { get; private set; }

        /// <summary>Once an attempt of a write may have happened, a later refusal does not take that back.</summary>
        public bool OutcomeUnknown { get; private set; }

        public async ValueTask<TResponse> NextAsync(CancellationToken cancellationToken)
        {
            var headers = caller._key.Headers;
            try
            {
                return await SendAsync(headers, cancellationToken);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unauthenticated && caller._key.Reload(headers))
            {
                // A refused key means that nothing was done, so even a call that must not be repeated may go again.
                Log.KeyReloaded(caller._logger, caller._options.Address);
                return await SendAsync(caller._key.Headers, cancellationToken);
            }
        }

        private async Task<TResponse> SendAsync(Metadata? headers, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Count++;
            // The transport compares the deadline with the machine's clock, so it is made from that clock, not from a test's.
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + call.Timeout;
            try
            {
                using var pending = send(new CallOptions(headers, deadline, cancellationToken));
                return await pending.ResponseAsync;
            }
            catch (RpcException exception)
            {
                OutcomeUnknown |= call.Writes && Failures.LeavesOutcomeUnknown(exception);
                if (OutcomeUnknown && call.WritesPoints)
                    Interlocked.Exchange(ref caller._unsettledSince, caller._time.GetTimestamp());
                throw;
            }
        }
    }
}
