using DriftGuard.State;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Worker.Api;

/// <summary>Puts who asks into the audit log.</summary>
internal static class ActingCaller
{
    /// <summary>What is recorded until the result is disposed stands in the audit log as done by the caller.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reason">Why they do it, as they say.</param>
    public static IDisposable Acting(this HttpContext context, string? reason) =>
        StateStore.ActingAs(new(Caller.Of(context).Name, Caller.AddressOf(context), reason));
}

/// <summary>What may be said with every action.</summary>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record ActionRequest(string? Reason = null);
