using DriftGuard.Qdrant.Embedded.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>A Kestrel host of its own: nothing of the application's configuration, logging or lifetime reaches into it.</summary>
internal static class ServerHost
{
    /// <summary>Qdrant takes upserts of any size; a bound keeps a mistaken client from taking all memory.</summary>
    private const int MaxMessageBytes = 512 << 20;

    // HTTP/2's defaults stop a client every 96 KB until it hears back: too small for upserts of megabytes.
    private const int StreamWindow = 16 << 20;
    private const int ConnectionWindow = 32 << 20;
    private const int FrameBytes = 1 << 20;

    public static WebApplication Build(EmbeddedQdrantOptions options, Catalog catalog, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddSingleton(catalog).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PointsService>().AddSingleton<CollectionsService>().AddSingleton<HealthService>().AddSingleton<CollectionSnapshots>().AddSingleton<SnapshotsService>();
        builder.Services.AddSingleton<FailureInterceptor>();
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxMessageBytes;
            grpc.MaxSendMessageSize = null;
            grpc.IgnoreUnknownServices = true; // UnknownMethods answers instead, with the name of what is missing
            grpc.Interceptors.Add<FailureInterceptor>();
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindow;
            kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
            kestrel.Limits.Http2.MaxFrameSize = FrameBytes;
        });
        builder.WebHost.UseUrls($"http://{options.Host}:{options.Port}");
        var server = builder.Build();
        if (options.ApiKey is { } key) server.Use(new ApiKeyCheck(key).InvokeAsync);
        server.MapGrpcService<PointsService>();
        server.MapGrpcService<CollectionsService>();
        server.MapGrpcService<HealthService>();
        server.MapGrpcService<SnapshotsService>();
        SnapshotRoutes.Map(server);
        UnknownMethods.Map(server);
        return server;
    }
}
