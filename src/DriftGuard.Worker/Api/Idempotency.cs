using System.Security.Cryptography;
using System.Text;
using DriftGuard.State;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Api;

/// <summary>
/// A request that acts may carry an <c>Idempotency-Key</c>: sent again with the same key, it does not act again, and gets the answer of the first time, for a day.
/// Another request under the same key is refused, and so is the same one while the first is worked on. The keys of each caller are its own.
/// </summary>
public static class Idempotency
{
    /// <summary>The header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>What is said of a request that is sent again while the first is worked on.</summary>
    internal const string BeingWorkedOn = $"the request with this {Header} is being worked on: ask again for its answer";

    private const int LongestKey = 200;

    /// <summary>Looks at each request that acts.</summary>
    public static void UseIdempotencyKeys(this IApplicationBuilder app) => app.Use((context, next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ActingRoute>() is { } route && context.Request.Headers.ContainsKey(Header) ? RunOnceAsync(context, route, next) : next(context));

    private static async Task RunOnceAsync(HttpContext context, ActingRoute route, RequestDelegate next)
    {
        if (context.Request.Headers[Header] is not [{ Length: > 0 and <= LongestKey } key])
        {
            throw new OperatorException(OperatorError.Invalid, $"{Header}: expected one key of 1 to {LongestKey} characters, such as a UUID");
        }

        var state = context.RequestServices.GetRequiredService<StateStore>();
        var (mine, request) = (Digest(Caller.Of(context).Id, key), await DigestAsync(context));
        if (await state.BeginOnceAsync(mine, request, context.RequestAborted) is { } known)
        {
            await RepeatAsync(context, known);
            return;
        }

        var answer = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        var ended = false;
        try
        {
            await AnswerAsync(context, next);
            // What failed for a while may be tried again under its key; what was refused would be refused again.
            ended = context.Response.StatusCode < StatusCodes.Status500InternalServerError;
            if (ended)
            {
                var body = route.KeepsAnswer || context.Response.StatusCode >= StatusCodes.Status400BadRequest
                    ? copy.ToArray() : [];
                // The act is done, whoever still listens: so is its record.
                await state.EndOnceAsync(mine, context.Response.StatusCode, context.Response.ContentType ?? "", body, CancellationToken.None);
            }
        }
        finally
        {
            context.Response.Body = answer;
            if (!ended)
            {
                await state.ForgetOnceAsync(mine, CancellationToken.None);
            }
        }

        copy.Position = 0;
        await copy.CopyToAsync(answer, context.RequestAborted);
    }

    /// <summary>A refusal is an answer as well.</summary>
    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (ApiAnswers.ProblemOf(context, exception) is { } problem)
        {
            await ApiAnswers.WriteAsync(context, _ => Task.FromResult(problem));
        }
    }

    private static async Task RepeatAsync(HttpContext context, KeptAnswer known)
    {
        if (!known.SameRequest)
        {
            throw new OperatorException(OperatorError.Unprocessable, $"another request was sent under this {Header}: a key belongs to one request");
        }

        if (known.Status is not { } status)
        {
            throw new OperatorException(OperatorError.Conflict, BeingWorkedOn);
        }

        if (known.Body is not { Length: > 0 } body)
        {
            throw new OperatorException(OperatorError.Conflict, "this was done already, and its answer held a secret, which is kept nowhere: rotate the key for another");
        }

        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength) = (status, known.ContentType, body.Length);
        context.Response.Headers["Idempotency-Replayed"] = "true";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task<string> DigestAsync(HttpContext context)
    {
        // The route reads it again.
        context.Request.EnableBuffering(ApiRouteExtensions.BodyBytes, ApiRouteExtensions.BodyBytes);
        var body = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
        context.Request.Body.Position = 0;
        return Digest(context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", Convert.ToHexStringLower(body));
    }

    private static string Digest(params ReadOnlySpan<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts!))));
}
