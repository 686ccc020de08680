using Microsoft.AspNetCore.Http;

namespace DriftGuard.Testing.Hub;

/// <summary>The ways in which hubs and what is between fail.</summary>
public static class HubFaults
{
    /// <summary>Sends a share of the bytes that were asked for and cuts the connection.</summary>
    public static Func<HttpContext, FakeHubFile?, Task> CutOffAt(double share, string tag = "\"multipart-1\"") => async (context, file) =>
    {
        await SendPartAsync(context, file!, share, tag);
        context.Abort();
    };

    /// <summary>Sends a share of the bytes that were asked for, then nothing, and never ends.</summary>
    public static Func<HttpContext, FakeHubFile?, Task> StallAt(double share, Action stalled) => async (context, file) =>
    {
        await SendPartAsync(context, file!, share, "\"multipart-1\"");
        stalled();
        var gone = new TaskCompletionSource();
        context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>Answers with a status and headers, and nothing else.</summary>
    public static Func<HttpContext, FakeHubFile?, Task> Status(int status, params (string Name, string Value)[] headers) => (context, _) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    /// <summary>Gives other bytes, all of them, whatever range was asked for.</summary>
    public static Func<HttpContext, FakeHubFile?, Task> Whole(byte[]? bytes = null, string type = "application/octet-stream", bool stateLength = true) => async (context, file) =>
    {
        bytes ??= file!.Bytes;
        context.Response.ContentType = type;
        if (stateLength)
            context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    };

    private static async Task SendPartAsync(HttpContext context, FakeHubFile file, double share, string tag)
    {
        var offset = (int)(context.Request.GetTypedHeaders().Range?.Ranges.Single().From ?? 0);
        var rest = file.Bytes.AsMemory(offset);
        context.Response.Headers.ETag = tag;
        context.Response.ContentLength = rest.Length;
        if (offset > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {offset}-{file.Bytes.Length - 1}/{file.Bytes.Length}";
        }

        await context.Response.Body.WriteAsync(rest[..(int)(rest.Length * share)]);
        await context.Response.Body.FlushAsync();
    }
}
