using System.Diagnostics.Metrics;
using System.Reflection;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Security;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Telemetry.Tracing;
using DriftGuard.Worker.Telemetry.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DriftGuard.Worker.Telemetry;

/// <summary>Puts together what <c>serve</c> tells of itself: metrics to Prometheus, and metrics, traces and logs by OpenTelemetry's protocol.</summary>
public static class TelemetryServices
{
    // Series of one metric and one index: a verdict a detector, a condition a verdict and a reason, and half of them again.
    private const int SeriesOfAnIndex = 60;
    private const int FewestSeries = 2_000;

    /// <summary>Adds the instruments, which others tell of what happens.</summary>
    public static IServiceCollection AddDriftGuardMetrics(this IServiceCollection services)
    {
        services.AddMetrics().TryAddSingleton(s =>
        {
            var metrics = new DriftGuardMetrics(s.GetRequiredService<IMeterFactory>(), s.GetRequiredService<DriftGuardOptions>());
            s.GetService<EmbeddingTelemetry>()?.Measure(metrics);
            return metrics;
        });
        return services;
    }

    /// <summary>Measures what the state knows, for as long as the host runs.</summary>
    public static IServiceCollection AddStateWatch(this IServiceCollection services) => services
        .AddSingleton<OverdueChecks>()
        .AddSingleton<IFigures, DriftFigures>()
        .AddSingleton<GateRows>()
        .AddSingleton<IFigures, RolloutFigures>()
        .AddLoop<StateWatch>();

    /// <summary>Adds the exporters that are configured.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="options">What is told where.</param>
    /// <param name="instance">The process, by a name that no other has.</param>
    public static IServiceCollection AddDriftGuardTelemetry(this IServiceCollection services, TelemetryOptions options, string instance)
    {
        var version = typeof(TelemetryServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("driftguard", serviceVersion: version, serviceInstanceId: instance));
        if (options.Prometheus || options.Otlp.Endpoint is not null)
        {
            telemetry.WithMetrics(metrics => AddMetrics(metrics, options));
        }

        if (options.Otlp.Endpoint is not null)
        {
            telemetry.WithTracing(tracing => AddTracing(tracing, options));
            telemetry.WithLogging(logging => logging.AddOtlpExporter(otlp => To(otlp, options.Otlp, "v1/logs")), logs => (logs.IncludeFormattedMessage, logs.IncludeScopes) = (true, false));
        }

        return services;
    }

    /// <summary>Answers on <c>/metrics</c>, where that is configured.</summary>
    public static void MapDriftGuardMetrics(this IEndpointRouteBuilder routes, DriftGuardOptions options)
    {
        if (!options.Telemetry.Prometheus)
        {
            return;
        }

        var page = routes.MapPrometheusScrapingEndpoint(MetricsPath);
        _ = options.Security.OpenMetrics ? page.IsOpen() : page.Requires(Right.View);
    }

    private const string MetricsPath = "/metrics";

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddMeter(DriftGuardTelemetry.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
            .AddView(instrument => instrument.Meter.Name == DriftGuardTelemetry.Name
                ? new MetricStreamConfiguration { CardinalityLimit = Math.Max(FewestSeries, SeriesOfAnIndex * (options.IndexLabels + 1)) }
                : null)
            .SetExemplarFilter(ExemplarFilterType.TraceBased);
        if (options.Prometheus)
        {
            metrics.AddPrometheusExporter();
        }

        if (options.Otlp.Endpoint is not null)
        {
            metrics.AddOtlpExporter(otlp => To(otlp, options.Otlp, "v1/metrics"));
        }
    }

    private static void AddTracing(TracerProviderBuilder tracing, TelemetryOptions options) => tracing
        .AddSource(DriftGuardTelemetry.Name, "Npgsql")
        .SetSampler(new ParentBasedSampler(new RootSampler(options.Sampling)))
        .AddAspNetCoreInstrumentation(server => server.Filter = IsOfAnApplication)
        .AddHttpClientInstrumentation()
        .AddGrpcClientInstrumentation(client => client.SuppressDownstreamInstrumentation = true)
        // PostgreSQL's driver traces its commands itself.
        .AddEntityFrameworkCoreInstrumentation(database => database.Filter = (provider, _) => provider == "Microsoft.EntityFrameworkCore.Sqlite")
        .AddOtlpExporter(otlp => To(otlp, options.Otlp, "v1/traces"));

    /// <summary>Neither a probe, nor Prometheus, nor the embedded Qdrant, which serves in the same process.</summary>
    private static bool IsOfAnApplication(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) && !context.Request.Path.StartsWithSegments(MetricsPath, StringComparison.Ordinal)
        && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true;

    private static void To(OtlpExporterOptions exporter, OtlpOptions options, string signal)
    {
        var http = options.Protocol == OtlpProtocol.Http;
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = http ? new Uri($"{options.Endpoint!.TrimEnd('/')}/{signal}") : new Uri(options.Endpoint!);
        exporter.Headers = options.ReadHeaders();
    }
}
