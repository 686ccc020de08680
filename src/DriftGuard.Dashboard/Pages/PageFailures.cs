using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Parts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DriftGuard.Dashboard.Pages;

/// <summary>What the API refuses becomes a page that says so; who has not said who they are is asked.</summary>
internal static class PageFailures
{
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        try
        {
            return await next(invocation);
        }
        catch (ApiRefusedException refused)
        {
            return Of(invocation.HttpContext, refused);
        }
    }

    /// <summary>What becomes of a refusal.</summary>
    public static IResult Of(HttpContext context, ApiRefusedException refused) =>
        refused.Status == StatusCodes.Status401Unauthorized && HttpMethods.IsGet(context.Request.Method)
            ? Results.Redirect(SignInRoutes.AddressFor(context.Request))
            : PageOf(context, refused.Status, refused.Message);

    /// <summary>A page that says what went wrong.</summary>
    public static RazorComponentResult<FailurePage> PageOf(HttpContext context, int status, string message) => new(new
    {
        Frame = Frame.Plain(context),
        Message = message,
    })
    {
        StatusCode = status,
    };
}
