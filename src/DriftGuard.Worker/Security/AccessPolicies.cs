using DriftGuard.Core.Access;
using DriftGuard.Worker.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
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
        where TBuilder : IEndpointConventionBuilder => route.RequireAuthorization(new AuthorizeAttribute(NameOf(right)));

    /// <summary>Says that anybody may ask, or that the route itself finds out what is needed.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.AllowAnonymous();

    public static void Add(AuthorizationOptions options)
    {
        foreach (var right in Enum.GetValues<Right>())
        {
            options.AddPolicy(NameOf(right), PolicyOf(right));
        }

        options.FallbackPolicy = PolicyOf(Right.Administer);
    }

    private static string NameOf(Right right) => $"driftguard:{right}";

    private static AuthorizationPolicy PolicyOf(Right right) => new([new Requirement(right)], []);

    private sealed record Requirement(Right Right) : IAuthorizationRequirement;

    /// <summary>Holds a requirement against the caller.</summary>
    internal sealed class Handler : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            if (context.Resource is HttpContext http)
            {
                foreach (var requirement in context.PendingRequirements.OfType<Requirement>().ToList())
                {
                    if (Caller.Of(http).Grants.Allow(requirement.Right, (string?)http.GetRouteValue(IndexInRoute)))
                    {
                        context.Succeed(requirement);
                    }
                }
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Answers who may not with problem details.</summary>
    internal sealed class Refusals : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (authorizeResult.Succeeded)
            {
                return next(context);
            }

            var right = policy.Requirements.OfType<Requirement>().First().Right;
            var caller = Caller.Of(context);
            return ApiAnswers.WriteAsync(context, _ => throw new AccessDeniedException(caller.IsKnown, AccessProblem.Of(caller, right, (string?)context.GetRouteValue(IndexInRoute))));
        }
    }
}
