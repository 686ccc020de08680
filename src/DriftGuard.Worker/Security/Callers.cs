using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Worker.Security;

/// <summary>
/// Finds out who sends a request: the holder of an API key (<c>Authorization: Bearer</c>, or <c>api-key</c> as clients of Azure OpenAI send it), the subject
/// of an OpenID Connect token, or nobody, who may do everything where only the loopback interface is listened on.
/// </summary>
internal sealed class Callers(KeyRing keys, TokenReader tokens, DriftGuardOptions options)
{
    private const string Bearer = "Bearer ";

    private readonly bool _trustsLoopback = options.Security.Anonymous == AnonymousAccess.Loopback && LoopbackTrust.IsLoopback(options.Http.Address);

    /// <summary>Who sends a request; null where that is not known, and they may do nothing.</summary>
    public async ValueTask<Caller?> OfAsync(HttpContext context)
    {
        var presented = Presented(context.Request);
        var isKey = presented is not null && KeyText.IsMeant(presented);
        if (presented is not null && (isKey || options.Security.Oidc.Authority is not null))
        {
            // A key of ours that opens nothing, or a token that is none, is never taken for nobody: its sender means to be somebody.
            return isKey ? await OfKeyAsync(context, presented) : await OfTokenAsync(presented);
        }

        return _trustsLoopback ? Nobody(context, presented) : null;
    }

    private async Task<Caller?> OfKeyAsync(HttpContext context, string presented) =>
        await keys.FindAsync(presented, Caller.AddressOf(context), context.RequestAborted) is { } key ? new(key.Id, key.Name, key.Grants, IsKnown: true) : null;

    private async Task<Caller?> OfTokenAsync(string presented)
    {
        if (await tokens.ReadAsync(presented) is not { } identity)
        {
            return null;
        }

        var oidc = options.Security.Oidc;
        var values = identity.FindAll(oidc.Claim).SelectMany(claim => oidc.Claim is "scope" or "scp" ? claim.Value.Split(' ') : [claim.Value]).ToHashSet(StringComparer.Ordinal);
        var granted = oidc.Grants.Where(grant => values.Contains(grant.Value)).ToList();
        var grants = new Grants(
            granted.Select(grant => grant.Role).DefaultIfEmpty().Max(), [.. granted.SelectMany(grant => grant.Read)], [.. granted.SelectMany(grant => grant.Write)]);
        var subject = identity.FindFirst("sub")?.Value ?? "";
        return new($"{oidc.Authority}#{subject}", identity.FindFirst(oidc.NameClaim)?.Value ?? subject, grants, IsKnown: true);
    }

    /// <summary>Whoever is not asked. A key that only their client's library makes them send tells them apart from others on this machine.</summary>
    private static Caller? Nobody(HttpContext context, string? presented) => LoopbackTrust.WhyNot(context) is not null ? null
        : new(presented is null ? Caller.AddressOf(context) : Convert.ToHexStringLower(KeyText.DigestOf(presented)), "anonymous", Grants.Everything, IsKnown: false);

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers[HeaderNames.Authorization] is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        return request.Headers["api-key"] is [{ Length: > 0 } key] ? key : null;
    }
}
