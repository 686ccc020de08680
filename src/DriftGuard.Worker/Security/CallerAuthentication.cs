using System.Security.Claims;
using System.Text.Encodings.Web;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace DriftGuard.Worker.Security;

/// <summary>
/// Finds out who sends a request: the holder of an API key (<c>Authorization: Bearer</c>, or <c>api-key</c> as clients of Azure OpenAI send it), the subject
/// of an OpenID Connect token, or nobody, who may do everything where only the loopback interface is listened on.
/// </summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory logs, UrlEncoder encoder, KeyRing keys, TokenReader tokens, DriftGuardOptions options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, logs, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "DriftGuard";

    private const string Bearer = "Bearer ";

    private readonly bool _trustsLoopback = options.Security.Anonymous == AnonymousAccess.Loopback && LoopbackTrust.IsLoopback(options.Http.Address);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var presented = Presented(Request);
        var caller = presented is null ? null
            : KeyText.IsMeant(presented) ? await OfKeyAsync(presented)
            : options.Security.Oidc.Authority is not null ? await OfTokenAsync(presented)
            : null;
        // A key of ours that opens nothing, or a token that is none, is never taken for nobody: its sender means to be somebody.
        var fails = presented is not null && caller is null && (KeyText.IsMeant(presented) || options.Security.Oidc.Authority is not null || !_trustsLoopback);
        caller ??= fails || !_trustsLoopback ? null : Nobody(presented);
        if (caller is not null)
        {
            Context.Features.Set(caller);
            return AuthenticateResult.Success(new(new(new ClaimsIdentity([new(Caller.IdClaim, caller.Id), new(ClaimTypes.Name, caller.Name)], Name)), Name));
        }

        return presented is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail("the key or token opens nothing");
    }

    private async Task<Caller?> OfKeyAsync(string presented) =>
        await keys.FindAsync(presented, Caller.AddressOf(Context), Context.RequestAborted) is { } key ? new(key.Id, key.Name, key.Grants, IsKnown: true) : null;

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
    private Caller? Nobody(string? presented) => LoopbackTrust.WhyNot(Context) is not null ? null
        : new(presented is null ? Caller.AddressOf(Context) : Convert.ToHexStringLower(KeyText.DigestOf(presented)), "anonymous", Grants.Everything, IsKnown: false);

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers[HeaderNames.Authorization] is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..].Trim();
        }

        return request.Headers["api-key"] is [{ Length: > 0 } key] ? key : null;
    }
}
