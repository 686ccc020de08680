using DriftGuard.Core.Access;
using DriftGuard.Core.Text;
using DriftGuard.State;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Who may do what, and who did.</summary>
internal static class AccessEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/caller", Caller).Named("GetCaller", "Say who asks, and what they may do").IsOpen();
        api.MapGet("/audit", AuditAsync).Named("ListAuditEvents", "List entries of the audit log, newest first: what happened, who did it, from where and why").Requires(Right.View);
        api.MapGet("/keys", KeysAsync).Named("ListKeys", "List API keys, those first that were used last").Requires(Right.Administer);
        api.MapPost("/keys", CreateAsync).Named("CreateKey", "Make an API key; its text is in this answer alone").Requires(Right.Administer).Acts(keepsAnswer: false);
        api.MapPost("/keys/{key}/rotate", RotateAsync).Named("RotateKey", "Exchange the secret of an API key; its text is in this answer alone").Requires(Right.Administer).Acts(keepsAnswer: false);
        api.MapDelete("/keys/{key}", RevokeAsync).Named("RevokeKey", "Put an API key out of use").Requires(Right.Administer).Acts();
    }

    private static ApiResult<CallerView> Caller(HttpContext context)
    {
        var caller = Security.Caller.Of(context);
        return ApiResult.Of(new CallerView(caller.Name, caller.IsKnown, caller.Grants));
    }

    private static async Task<ApiResult<IReadOnlyList<AuditEvent>>> AuditAsync(
        string? index, string? rollout, DateTimeOffset? since, long? before, int? limit, StateStore state, CancellationToken cancellation) =>
        ApiResult.Of(await state.FindAuditAsync(new AuditQuery(index, rollout, since, before, Paging.Limit(limit, AuditQuery.UsualLimit, AuditQuery.MostEntries)), cancellation));

    private static async Task<ApiResult<IReadOnlyList<ApiKey>>> KeysAsync(KeyService keys, CancellationToken cancellation) => ApiResult.Of(await keys.ListAsync(cancellation));

    private static async Task<ApiResult<NewKey>> CreateAsync(HttpContext context, CreateKeyRequest request, KeyService keys, CancellationToken cancellation)
    {
        using var acting = context.Acting(request.Reason);
        var grants = new Grants(request.Role, request.Read ?? [], request.Write ?? []);
        return ApiResult.Of(await keys.CreateAsync(request.Name, grants, Duration("lifetime", request.Lifetime), Security.Caller.Of(context).Name, cancellation));
    }

    private static async Task<ApiResult<NewKey>> RotateAsync(HttpContext context, string key, RotateKeyRequest? request, KeyService keys, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        return ApiResult.Of(await keys.RotateAsync(key, Duration("grace", request?.Grace) ?? KeyService.UsualGrace, cancellation));
    }

    private static async Task<ApiResult<ApiKey>> RevokeAsync(HttpContext context, string key, string? reason, KeyService keys, CancellationToken cancellation)
    {
        using var acting = context.Acting(reason);
        return ApiResult.Of(await keys.RevokeAsync(key, cancellation));
    }

    private static TimeSpan? Duration(string name, string? text) => text is null ? null
        : DurationText.TryParse(text, out var duration) ? duration
        : throw new OperatorException(OperatorError.Invalid, $"{name} is '{text}': expected a duration such as 24h or 90d");
}

/// <summary>Who asks.</summary>
/// <param name="Name">What the audit log calls them.</param>
/// <param name="IsKnown">They said who they are.</param>
/// <param name="Grants">What they may do.</param>
public sealed record CallerView(string Name, bool IsKnown, Grants Grants);

/// <summary>A key that is asked for.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Role">What its holder may do with the installation.</param>
/// <param name="Read">Indexes that may be searched, or * for all.</param>
/// <param name="Write">Indexes whose points may be written, or * for all.</param>
/// <param name="Lifetime">After which time it opens nothing any more, such as 90d; never unless said.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record CreateKeyRequest(
    string Name, ManagementRole Role = ManagementRole.None, IReadOnlyList<string>? Read = null, IReadOnlyList<string>? Write = null, string? Lifetime = null, string? Reason = null);

/// <summary>A new secret that is asked for.</summary>
/// <param name="Grace">For how long the secret before opens as well, such as 24h.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record RotateKeyRequest(string? Grace = null, string? Reason = null);
