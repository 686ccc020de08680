using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Api;

/// <summary>
/// The outermost part of answering: whatever a route throws becomes problem details. What nobody expects is logged in full, and its caller is told
/// no more than that, and the id under which it stands in the log.
/// </summary>
public static partial class ApiProblems
{
    /// <summary>Answers what fails below.</summary>
    public static void UseApiProblems(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiProblems).FullName!);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                await ApiAnswers.WriteAsync(context, _ => Task.FromResult(ApiAnswers.ProblemOf(context, exception) ?? Unexpected(log, context, exception)));
            }

            if (!context.Response.HasStarted && context.Response is { StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null, ContentType: null })
            {
                // Of routing itself: no such route, or not by this method.
                await ApiAnswers.WriteAsync(context, _ => Task.FromResult(ApiAnswer.Problem(context.Response.StatusCode, Sentence(context))));
            }
        });
    }

    private static ApiAnswer Unexpected(ILogger log, HttpContext context, Exception exception)
    {
        // By the route, not by the path: that is the caller's own text.
        LogUnexpected(log, exception, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no route", context.TraceIdentifier);
        return ApiAnswer.Problem(StatusCodes.Status500InternalServerError, $"something went wrong that nobody foresaw; the log has it under {context.TraceIdentifier}");
    }

    private static string Sentence(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "there is nothing at this address",
        StatusCodes.Status405MethodNotAllowed => $"this address does not take {context.Request.Method}",
        StatusCodes.Status415UnsupportedMediaType => "the body must be application/json",
        _ => "the request cannot be answered",
    };

    [LoggerMessage(5065, LogLevel.Error, "{Method} {Route} failed unexpectedly, request {Request}")]
    private static partial void LogUnexpected(ILogger log, Exception exception, string method, string route, string request);
}
