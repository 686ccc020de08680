using Microsoft.AspNetCore.Http;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>One way in which a server misbehaves.</summary>
internal delegate Task Fault(HttpContext context, Asked asked);

/// <summary>Ways in which servers were seen to misbehave.</summary>
internal static class Faults
{
    public static Fault Status(int status, string body = "", string contentType = "application/json", string? retryAfter = null) => async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await context.Response.WriteAsync(body);
    };

    public static Fault Redirect(string location) => (context, _) =>
    {
        (context.Response.StatusCode, context.Response.Headers.Location) = (307, location);
        return Task.CompletedTask;
    };

    public static Fault Answer(Func<Asked, string> answer, string contentType = "application/json") => async (context, asked) =>
    {
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(answer(asked));
    };

    /// <summary>Half of the answer, then the connection is gone.</summary>
    public static Fault CutOff { get; } = async (context, asked) =>
    {
        var answer = Answers.Of(asked);
        context.Response.ContentLength = answer.Length;
        await context.Response.WriteAsync(answer[..(answer.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    /// <summary>The connection is gone before the answer.</summary>
    public static Fault Gone { get; } = (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Half of the answer, then nothing until the other side gives up.</summary>
    public static Fault Hangs(TaskCompletionSource hanging) => async (context, asked) =>
    {
        await context.Response.WriteAsync(Answers.Of(asked)[..20]);
        await context.Response.Body.FlushAsync();
        hanging.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    };

    /// <summary>As an answer of OpenAI's kind, changed by replacing a part of it.</summary>
    public static Fault Replacing(string part, string by) => Answer(asked =>
    {
        var answer = Answers.Of(asked);
        answer.ShouldContain(part);
        return answer.Replace(part, by, StringComparison.Ordinal);
    });
}
