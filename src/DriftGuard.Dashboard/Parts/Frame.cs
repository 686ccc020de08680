using DriftGuard.Core.Access;
using DriftGuard.Dashboard.Access;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Live;
using DriftGuard.Worker.Api;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Dashboard.Parts;

/// <summary>What stands around every page.</summary>
/// <param name="Path">The page's own address.</param>
/// <param name="Caller">Who looks at it; null where that was not asked.</param>
/// <param name="SignedIn">They signed in on the page, and can sign out.</param>
/// <param name="LiveAddress">Where it is told of changes; null where it does not follow any.</param>
/// <param name="Said">What became of what they did last; null for nothing.</param>
public sealed record Frame(string Path, CallerView? Caller, bool SignedIn, string? LiveAddress, string? Said)
{
    private const string SaidQuery = "said";

    /// <summary>They may act.</summary>
    public bool MayOperate => Caller?.Grants.Allow(Right.Operate, null) == true;

    /// <summary>The frame of a page that was made from what was asked; asks who looks at it.</summary>
    internal static async Task<Frame> OfAsync(HttpContext context, PageApi api)
    {
        var caller = await api.GetAsync<CallerView>($"caller");
        return new(context.Request.Path, caller, SignedInKey.IsThere(context), LiveRoute.AddressOf(api.Asked), context.Request.Query[SaidQuery]);
    }

    /// <summary>The frame of a page that was made from nothing.</summary>
    public static Frame Plain(HttpContext context) => new(context.Request.Path, null, SignedInKey.IsThere(context), null, null);

    /// <summary>A page's address with what became of an act.</summary>
    public static string Saying(string address, string what) => $"{address}?{SaidQuery}={Uri.EscapeDataString(what)}";
}
