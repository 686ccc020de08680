using DriftGuard.Dashboard.Access;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Live;
using DriftGuard.Dashboard.Pages;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Dashboard.Hosting;

/// <summary>The page that people look at and act on, at <c>/ui</c>: Blazor's components, rendered by the server, without anything from elsewhere.</summary>
public static class DashboardHost
{
    /// <summary>Where it is.</summary>
    public const string Root = "/ui";

    /// <summary>Adds what it needs.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents();

        // Nothing of a page is encrypted: no key is to be written to a disk that may not be there.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddSingleton<ApiPipeline>();
        services.AddSingleton<LiveChanges>();
        return services;
    }

    /// <summary>Lets pages ask what answers below, with the rights of who signed in. Goes before everything else.</summary>
    public static void UseDashboard(this IApplicationBuilder app)
    {
        var pipeline = app.ApplicationServices.GetRequiredService<ApiPipeline>();
        app.Use(next =>
        {
            pipeline.Answer = next;
            return context =>
            {
                if (context.Request.Path.StartsWithSegments(Root, StringComparison.Ordinal))
                {
                    SignedInKey.Apply(context);
                    PageHeaders.Set(context.Response.Headers);
                }

                return next(context);
            };
        });
    }

    /// <summary>Answers at its addresses. Everybody may ask for a page; what it may show, the API decides.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Results.Redirect(Root)).IsOpen().ExcludeFromDescription();
        var pages = routes.MapGroup(Root).IsOpen().ExcludeFromDescription();
        pages.AddEndpointFilter(PageFailures.AnswerAsync);
        PageRoutes.Map(pages);
        ActionRoutes.Map(pages);
        SignInRoutes.Map(pages);
        LiveRoute.Map(pages);
        AssetRoutes.Map(pages);
    }
}
