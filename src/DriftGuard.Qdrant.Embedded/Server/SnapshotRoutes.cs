using DriftGuard.Qdrant.Embedded.Collections;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>
/// The files of snapshots, which Qdrant serves and takes over REST alone: <c>GET /collections/{collection}/snapshots/{snapshot}</c> and
/// <c>POST /collections/{collection}/snapshots/upload</c> as a multipart form (https://api.qdrant.tech). Here on the gRPC port, by HTTP/2.
/// </summary>
internal static class SnapshotRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/collections/{collection}/snapshots/{snapshot}", DownloadAsync);
        routes.MapPost("/collections/{collection}/snapshots/upload", UploadAsync);
    }

    private static Task DownloadAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        var snapshot = Text(context, "snapshot");
        var path = Snapshots(context).Find(Collection(context), snapshot) ?? throw Refusal.NoSnapshot(snapshot);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = new FileInfo(path).Length;
        await context.Response.SendFileAsync(path, context.RequestAborted);
    });

    private static Task UploadAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
            throw Refusal.BadRequest("expected a multipart form with the snapshot in it");
        var reader = new MultipartReader(boundary.ToString(), context.Request.Body);
        while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
        {
            if (section.AsFileSection() is not { FileStream: { } content } file || !string.Equals(file.Name, "snapshot", StringComparison.Ordinal)) continue;
            CollectionRules.CheckNewName(Collection(context));
            await Snapshots(context).RecoverAsync(Collection(context), content, context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new { result = true, status = "ok" }, context.RequestAborted);
            return;
        }

        throw Refusal.BadRequest("the form has no file under the name 'snapshot'");
    });

    private static CollectionSnapshots Snapshots(HttpContext context) => context.RequestServices.GetRequiredService<CollectionSnapshots>();

    private static string Collection(HttpContext context)
    {
        var name = Text(context, "collection");
        CollectionRules.CheckName(name);
        return name;
    }

    private static string Text(HttpContext context, string key) => (string)context.GetRouteValue(key)!;

    private static async Task AnswerAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (RpcException refusal) when (!context.Response.HasStarted)
        {
            context.Response.ContentLength = null;
            context.Response.StatusCode = refusal.StatusCode switch
            {
                StatusCode.NotFound => StatusCodes.Status404NotFound,
                StatusCode.AlreadyExists => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status400BadRequest,
            };
            await context.Response.WriteAsJsonAsync(new { status = new { error = refusal.Status.Detail } }, context.RequestAborted);
        }
    }
}
