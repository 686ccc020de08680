using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>How long answers to requests with an idempotency key are kept.</summary>
    public static readonly TimeSpan AnswersKept = TimeSpan.FromHours(24);

    /// <summary>After this time a request without an answer is taken for one whose process has ended in the middle of it.</summary>
    public static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(10);

    /// <summary>Begins a request that must act once, or tells what became of it.</summary>
    /// <param name="key">SHA-256 of who asks and of the key they sent.</param>
    /// <param name="request">SHA-256 of what is asked.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Null where the caller is to act now; otherwise what is known of the same key.</returns>
    public Task<KeptAnswer?> BeginOnceAsync(string key, string request, CancellationToken cancellation) => TransactAsync(async context =>
    {
        await Database.HoldAsync(context, $"once:{key}", shared: false, cancellation);
        var now = time.GetUtcNow();
        var old = now - AnswersKept;
        await context.Idempotency.Where(i => i.At < old).ExecuteDeleteAsync(cancellation);
        var row = await context.Idempotency.SingleOrDefaultAsync(i => i.Key == key, cancellation);
        if (row is { Status: null } && row.Request == request && now - row.At > LongestAnswer)
        {
            (row.At, row.Owner) = (now, Instance);
        }
        else if (row is not null)
        {
            return new KeptAnswer(row.Request == request, row.Status, row.ContentType, row.Body);
        }
        else
        {
            context.Idempotency.Add(new() { Key = key, Request = request, At = now, Owner = Instance });
        }

        await context.SaveChangesAsync(cancellation);
        return null;
    }, cancellation);

    /// <summary>Keeps the answer to a request that <see cref="BeginOnceAsync"/> let act.</summary>
    public Task EndOnceAsync(string key, int status, string contentType, byte[] body, CancellationToken cancellation) => RunAsync(context =>
        context.Idempotency.Where(i => i.Key == key)
            .ExecuteUpdateAsync(i => i.SetProperty(row => row.Status, status).SetProperty(row => row.ContentType, contentType).SetProperty(row => row.Body, body), cancellation), cancellation);

    /// <summary>Forgets a request that has not acted, so that it may be tried again under its key.</summary>
    public Task ForgetOnceAsync(string key, CancellationToken cancellation) => RunAsync(context =>
        context.Idempotency.Where(i => i.Key == key && i.Status == null).ExecuteDeleteAsync(cancellation), cancellation);
}

/// <summary>What is known of a request with an idempotency key.</summary>
/// <param name="SameRequest">The same was asked then as now.</param>
/// <param name="Status">The status of its answer; null while it is worked on.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The body.</param>
public sealed record KeptAnswer(bool SameRequest, int? Status, string? ContentType, byte[]? Body);
