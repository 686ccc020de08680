using DriftGuard.Core.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Security;

/// <summary>What a route needs, held against who asks. A route that says nothing is an admin's.</summary>
internal static class AccessPolicies
{
    private const string IndexInRoute = "index";

    /// <summary>Says what a route needs; where that is leave for an index, the index is the part of the route of that name.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Right right)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredRight(right));

    /// <summary>Says that anybody may ask.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredRight(null));

    /// <summary>What the caller of a request lacks; null where they may, or where there is no such route.</summary>
    public static AccessDeniedException? Missing(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            return null;
        }

        var required = endpoint.Metadata.GetMetadata<RequiredRight>();
        if (required is { Right: null })
        {
            return null;
        }

        var (right, index, caller) = (required?.Right ?? Right.Administer, (string?)context.GetRouteValue(IndexInRoute), Caller.Of(context));
        return caller.Grants.Allow(right, index) ? null : new(caller.IsKnown, AccessProblem.Of(caller, right, index));
    }
}

/// <summary>What a route needs.</summary>
/// <param name="Right">The right; null where anybody may ask.</param>
internal sealed record RequiredRight(Right? Right);
