using System.Security.Cryptography;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Worker.Api;

/// <summary>Writes what routes answer: results with an entity tag, and what went wrong as problem details. The one place that knows which exception is whose.</summary>
internal static class ApiAnswers
{
    public static async Task WriteAsync(HttpContext context, Func<HttpContext, Task<ApiAnswer>> route)
    {
        var answer = await AnswerAsync(context, route);
        if (answer.Status == StatusCodes.Status200OK)
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(answer.Body).AsSpan(0, 16))}\"");
            context.Response.Headers.ETag = tag.ToString();
            context.Response.Headers.CacheControl = "no-cache"; // kept, but asked for again each time
            if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false)))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private static async Task<ApiAnswer> AnswerAsync(HttpContext context, Func<HttpContext, Task<ApiAnswer>> route)
    {
        try
        {
            return await route(context);
        }
        catch (OperatorException exception)
        {
            return ApiAnswer.Problem(StatusOf(exception.Error), exception.Message);
        }
        catch (Exception exception) when (exception is QdrantException or StateException or EmbeddingProviderException)
        {
            return ApiAnswer.Problem(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
    }

    private static int StatusOf(OperatorError error) => error switch
    {
        OperatorError.NotFound => StatusCodes.Status404NotFound,
        OperatorError.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };
}
