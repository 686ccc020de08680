using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DriftGuard.Dashboard.Pages;

/// <summary>Reads small forms.</summary>
internal static class ActForm
{
    /// <summary>Reads a form; empty where the body is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">Bytes at most.</param>
    /// <exception cref="BadHttpRequestException">It is larger.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context, int bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = bytes;
        }

        return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
    }
}
