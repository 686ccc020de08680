using DriftGuard.Fuzz.Tests.Targets;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Routing;
using Qdrant.Client.Grpc;

namespace DriftGuard.Fuzz.Tests;

public sealed class ConfigurationTests() : TargetTests("configuration");

public sealed class CalibrationSetTests() : TargetTests("calibration-sets");

public sealed class ModelTests() : TargetTests("models");

public sealed class ManagementApiTests() : TargetTests("management-api")
{
    [Fact]
    public void Every_route_has_an_input() =>
        Inputs.WithoutOne(ManagementApiTarget.Server.Routes.Where(route => !Inputs.IsOfGateway(route)), "management-api").ShouldBeEmpty();
}

public sealed class GatewayTests() : TargetTests("gateway")
{
    [Fact]
    public void Every_route_has_an_input() => Inputs.WithoutOne(GatewayTarget.Server.Routes.Where(Inputs.IsOfGateway), "gateway").ShouldBeEmpty();
}

public sealed class QdrantTests() : TargetTests("qdrant")
{
    [Fact]
    public void Every_method_has_an_input()
    {
        var called = Corpus.Seeds(FuzzTarget.Of("qdrant")).Select(seed => System.Text.Encoding.Latin1.GetString(seed.Input).Split('\n')[0]).ToHashSet(StringComparer.Ordinal);
        FileDescriptor[] files = [PointsServiceReflection.Descriptor, CollectionsServiceReflection.Descriptor, SnapshotsServiceReflection.Descriptor, QdrantReflection.Descriptor];

        files.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => $"{method.Service.FullName}/{method.Name}").Except(called, StringComparer.Ordinal).ShouldBeEmpty();
    }
}

/// <summary>Which routes the inputs of a corpus go to.</summary>
file static class Inputs
{
    public static bool IsOfGateway(RouteEndpoint route) => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal);

    /// <summary>The routes that none goes to.</summary>
    public static IEnumerable<string> WithoutOne(IEnumerable<RouteEndpoint> routes, string target)
    {
        var requests = Corpus.Seeds(FuzzTarget.Of(target)).Select(seed => System.Text.Encoding.Latin1.GetString(seed.Input).Split('\n')[0].Split(' ', '?')).ToList();
        return routes.SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (Method: method, Route: route)))
            .Where(asked => !requests.Exists(request => request[0] == asked.Method && IsTo(asked.Route, request[1])))
            .Select(asked => $"{asked.Method} {asked.Route.RoutePattern.RawText}");
    }

    private static bool IsTo(RouteEndpoint route, string path) =>
        new Microsoft.AspNetCore.Routing.Template.TemplateMatcher(new(route.RoutePattern), []).TryMatch(path, []);
}
