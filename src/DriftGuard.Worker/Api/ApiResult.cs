using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace DriftGuard.Worker.Api;

/// <summary>The result of a route of the management API: JSON, with an entity tag where it was read.</summary>
/// <param name="value">What is answered.</param>
/// <param name="json">How it is written; <see cref="ApiJson.Options"/> unless given.</param>
/// <typeparam name="T">What it is.</typeparam>
internal sealed class ApiResult<T>(T value, JsonSerializerOptions? json = null) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => ApiAnswers.WriteAsync(httpContext, _ => Task.FromResult(ApiAnswer.Of(value, json ?? ApiJson.Options)));

    /// <summary>Tells the description of the API what comes.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}

/// <summary>Makes results without naming their type.</summary>
internal static class ApiResult
{
    /// <summary>A result.</summary>
    public static ApiResult<T> Of<T>(T value, JsonSerializerOptions? json = null) => new(value, json);
}
