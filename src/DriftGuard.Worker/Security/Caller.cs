using DriftGuard.Core.Access;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Worker.Security;

/// <summary>Who sent a request.</summary>
/// <param name="Id">Tells callers apart: the id of a key, the subject of a token, an address.</param>
/// <param name="Name">What the audit log calls them.</param>
/// <param name="Grants">What they may do.</param>
/// <param name="IsKnown">They said who they are.</param>
internal sealed record Caller(string Id, string Name, Grants Grants, bool IsKnown)
{
    /// <summary>Who sent a request; where nobody was asked, whoever has its address, who may do nothing.</summary>
    public static Caller Of(HttpContext context) =>
        context.Features.Get<Caller>() ?? new(AddressOf(context), "anonymous", Grants.Nothing, IsKnown: false);

    /// <summary>From where a request comes.</summary>
    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>Refuses a request that needs more than its caller may do.</summary>
    /// <exception cref="AccessDeniedException">It does.</exception>
    public static void Require(HttpContext context, Right right, string? index = null)
    {
        var caller = Of(context);
        if (!caller.Grants.Allow(right, index))
        {
            throw new AccessDeniedException(caller.IsKnown, AccessProblem.Of(caller, right, index));
        }
    }
}

/// <summary>A request needs more than its caller may do.</summary>
/// <param name="known">The caller said who they are.</param>
/// <param name="message">What is missing.</param>
internal sealed class AccessDeniedException(bool known, string message) : Exception(message)
{
    /// <summary>The caller said who they are: saying so again would not help.</summary>
    public bool IsKnown { get; } = known;
}

/// <summary>Says what a caller lacks.</summary>
internal static class AccessProblem
{
    /// <summary>What a caller lacks who needs a right.</summary>
    public static string Of(Caller caller, Right right, string? index)
    {
        var needed = right switch
        {
            Right.View => "the role viewer",
            Right.Operate => "the role operator",
            Right.ReadIndex => index is null ? "leave to read an index" : $"leave to read index '{index}'",
            Right.WriteIndex => index is null ? "leave to write an index" : $"leave to write index '{index}'",
            _ => "the role admin",
        };
        return caller.IsKnown
            ? $"'{caller.Name}' lacks {needed}"
            : $"say who you are: this needs {needed}. Send an API key as 'Authorization: Bearer dg_...'; 'driftguard key create' makes one";
    }
}
