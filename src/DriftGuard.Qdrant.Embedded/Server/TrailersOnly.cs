using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>
/// A gRPC answer that is a status alone, for requests that no method handles
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Trailers-Only").
/// </summary>
internal static class TrailersOnly
{
    public static Task Write(HttpResponse response, Status status)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(status.Detail);
        return Task.CompletedTask;
    }
}
