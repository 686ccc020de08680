using System.Security.Cryptography;
using System.Text.Json;
using DriftGuard.Core.Calibration;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Worker.Api;

/// <summary>Writes what routes answer: results with an entity tag, and what went wrong as problem details. The one place that knows which exception is whose.</summary>
internal static class ApiAnswers
{
    public static async Task WriteAsync(HttpContext context, Func<HttpContext, Task<ApiAnswer>> route)
    {
        var answer = await AnswerAsync(context, route);
        if (answer.Status == StatusCodes.Status200OK && HttpMethods.IsGet(context.Request.Method))
        {
            var tag = TagOf(answer);
            context.Response.Headers.ETag = tag.ToString();
            context.Response.Headers.CacheControl = "no-cache"; // kept, but asked for again each time
            if (IsKnown(context, tag))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        if (answer.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>The entity tag of an answer.</summary>
    public static EntityTagHeaderValue TagOf(ApiAnswer answer) => new($"\"{Convert.ToHexStringLower(SHA256.HashData(answer.Body.Span).AsSpan(0, 16))}\"");

    /// <summary>Whether the caller has it already.</summary>
    public static bool IsKnown(HttpContext context, EntityTagHeaderValue tag) =>
        context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false));

    /// <summary>What a failure is answered with; null of one that nobody expects.</summary>
    public static ApiAnswer? ProblemOf(HttpContext context, Exception exception)
    {
        if (exception is AccessDeniedException denied)
        {
            if (!denied.IsKnown)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
            }

            return ApiAnswer.Problem(denied.IsKnown ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, denied.Message);
        }

        return StatusOf(exception) is { } status
            ? ApiAnswer.Problem(status, IsHalfACharacter(exception) ? $"the body has a text that is no Unicode: {exception.Message}" : exception.Message, json => Extend(json, exception))
            : null;
    }

    private static async Task<ApiAnswer> AnswerAsync(HttpContext context, Func<HttpContext, Task<ApiAnswer>> route)
    {
        try
        {
            return await route(context);
        }
        catch (Exception exception) when (exception is AccessDeniedException || StatusOf(exception) is not null)
        {
            return ProblemOf(context, exception)!;
        }
    }

    /// <summary>One status stands for several kinds of obstacle, which programs tell apart by this.</summary>
    private static void Extend(Utf8JsonWriter json, Exception exception)
    {
        if (exception is OperatorException { Error: var error })
        {
            json.WriteString("error", JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()));
        }
    }

    /// <summary>The status that tells of a failure; null of one that nobody expects.</summary>
    public static int? StatusOf(Exception exception) => exception switch
    {
        OperatorException { Error: var error } => StatusOf(error),
        BadHttpRequestException { StatusCode: var status } => status,
        VectorException or CalibrationSetException => StatusCodes.Status400BadRequest,
        StateConflictException => StatusCodes.Status409Conflict,
        QdrantException or StateException or EmbeddingProviderException or ModelException or PinningException => StatusCodes.Status503ServiceUnavailable,
        _ => IsHalfACharacter(exception) ? StatusCodes.Status400BadRequest : null,
    };

    /// <summary>A text with half a character, which JSON can say and Unicode cannot: found as it is read.</summary>
    private static bool IsHalfACharacter(Exception exception) =>
        exception is InvalidOperationException && exception.Source?.StartsWith(typeof(JsonElement).Namespace!, StringComparison.Ordinal) == true;

    private static int StatusOf(OperatorError error) => error switch
    {
        OperatorError.NotFound => StatusCodes.Status404NotFound,
        OperatorError.Conflict or OperatorError.Refused or OperatorError.Inconclusive => StatusCodes.Status409Conflict,
        OperatorError.TooSlow => StatusCodes.Status408RequestTimeout,
        OperatorError.TooLarge => StatusCodes.Status413PayloadTooLarge,
        OperatorError.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        OperatorError.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status400BadRequest,
    };
}
